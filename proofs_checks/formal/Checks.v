(* The checker of answers is sound: what it accepts lies between its two bounds. *)
Require Import Reals ZArith List Bool Lra Lia.
From Radsim Require Import Statements CheckStatements Sums Levels Capped Dyadic.
Import ListNotations.
Open Scope R_scope.

Lemma pos_whole z : IZR (Z.max 0 z) = pos (IZR z).
Proof.
  unfold Z.max. destruct (Z.compare_spec 0 z) as [E|E|E].
  - subst. rewrite pos_of_nonneg; [reflexivity|apply Rle_refl].
  - apply IZR_lt in E. rewrite pos_of_nonneg; lra.
  - apply IZR_lt in E. rewrite pos_of_nonpos; lra.
Qed.

Lemma pos_over x d : 0 < d -> pos (x / d) = pos x / d.
Proof.
  intros D. destruct (pos_cases x) as [(A & ->)|(A & ->)].
  - apply pos_of_nonneg, div_nonneg; auto.
  - replace (0 / d) with 0 by (unfold Rdiv; ring). apply pos_of_nonpos.
    unfold Rdiv. assert (0 < / d) by (apply Rinv_0_lt_compat; auto). nra.
Qed.

Section Accepted.
Variable a : answer.
Hypothesis a_proper : proper a = true.

Let gs := groups a.
Let ps := points a.
Let n := size a.
Let k := length gs.
Let w := IZR (one a).
Let u := IZR (grain a).
Let g := its_gains a.
Let s := stake g (its_harms a).
Let q := its_design a.
Let l := its_mistakes a.
Let r := field limit (one a) ps.
Let c := place gs.
Let toll (j : nat) := IZR (price (nth j gs nobody)) / (u * w).
Let quota (j : nat) := IZR (most (nth j gs nobody)) / w.
Let lam := IZR (level a) / (u * w).

Lemma proper_parts : (0 < one a)%Z /\ (0 < grain a)%Z
  /\ (forall G, In G gs -> proper_group a G = true)
  /\ (if may_abstain a then (spent a <= budget a)%Z /\ (0 <= level a)%Z
      else spent a = budget a).
Proof.
  assert (E := a_proper). unfold proper in E. rewrite !andb_true_iff in E.
  destruct E as (((A & B) & C) & D). apply Z.ltb_lt in A. apply Z.ltb_lt in B.
  rewrite forallb_forall in C. split; auto. split; auto. split; auto.
  destruct (may_abstain a).
  - apply andb_true_iff in D. destruct D as (D & F). split; apply Z.leb_le; assumption.
  - apply Z.eqb_eq. exact D.
Qed.

Lemma w_pos : 0 < w. Proof. apply IZR_lt, proper_parts. Qed.
Lemma u_pos : 0 < u. Proof. apply IZR_lt, proper_parts. Qed.
Lemma uw_pos : 0 < u * w. Proof. apply Rmult_lt_0_compat; [apply u_pos|apply w_pos]. Qed.

Lemma point_proper p : In p ps -> proper_point (with_cap a) (one a) p = true.
Proof.
  intros H. unfold ps, points in H. apply in_flat_map in H. destruct H as (G & HG & Hp).
  destruct proper_parts as (_ & _ & A & _). apply A in HG. unfold proper_group in HG.
  rewrite !andb_true_iff, forallb_forall in HG. apply HG. exact Hp.
Qed.

Lemma point_bounds p : In p ps -> (0 <= asked p)%Z /\ (with_cap a = true -> (asked p <= one a)%Z)
  /\ (0 <= missed p <= limit p)%Z.
Proof.
  intros H. apply point_proper in H. unfold proper_point in H. rewrite !andb_true_iff in H.
  destruct H as (((A & B) & C) & D). apply Z.leb_le in A. apply Z.leb_le in C. apply Z.leb_le in D.
  split; auto. split; auto. intros E. rewrite E in B. apply Z.leb_le. exact B.
Qed.

Lemma group_bounds j : (j < k)%nat ->
  (0 <= price (nth j gs nobody))%Z
  /\ (total missed (members (nth j gs nobody)) <= most (nth j gs nobody))%Z.
Proof.
  intros Hj. destruct proper_parts as (_ & _ & A & _).
  assert (H := A (nth j gs nobody) ltac:(apply nth_In; exact Hj)). unfold proper_group in H.
  rewrite !andb_true_iff in H. destruct H as ((_ & B) & C). split; apply Z.leb_le; assumption.
Qed.

Lemma design_box i : (i < n)%nat -> 0 <= q i /\ (with_cap a = true -> q i <= 1).
Proof.
  intros Hi. assert (W := w_pos). destruct (point_bounds (nth i ps nothing)) as (A & B & _).
  { apply nth_In. exact Hi. }
  unfold q, its_design, field. fold ps w. split.
  - apply div_nonneg; auto. apply IZR_le. exact A.
  - intros C. apply div_le_iff_le_mult; auto. rewrite Rmult_1_l. apply IZR_le. auto.
Qed.

Lemma mistakes_box i : (i < n)%nat -> 0 <= l i <= r i.
Proof.
  intros Hi. assert (W := w_pos). destruct (point_bounds (nth i ps nothing)) as (_ & _ & A & B).
  { apply nth_In. exact Hi. }
  unfold l, r, its_mistakes, field. fold ps w. split.
  - apply div_nonneg; auto. apply IZR_le. exact A.
  - apply div_le_compat; auto. apply IZR_le. exact B.
Qed.

Lemma over_w {A} (f : A -> Z) xs : IZR (total f xs) / w = rtotal (fun x => IZR (f x) / w) xs.
Proof.
  unfold Rdiv. rewrite total_real, Rmult_comm, <- rtotal_scal. apply rtotal_ext. intros. ring.
Qed.

Lemma design_total : sum n q = IZR (spent a) / w.
Proof.
  unfold spent. rewrite over_w. etransitivity.
  { exact (sum_groups (fun _ p => IZR (asked p) / w) gs). }
  apply rtotal_ext. intros G _. rewrite over_w. reflexivity.
Qed.

Lemma design_feasible : learner_set a q.
Proof.
  assert (W := w_pos). destruct proper_parts as (_ & _ & _ & P).
  assert (Spend : may_abstain a = true -> sum n q <= its_budget a).
  { intros E. rewrite E in P. rewrite design_total. apply div_le_compat; auto. apply IZR_le, P. }
  assert (Exact : may_abstain a = false -> sum n q = its_budget a).
  { intros E. rewrite E in P. rewrite design_total, P. reflexivity. }
  unfold learner_set. fold n. destruct (with_cap a) eqn:C, (may_abstain a) eqn:E.
  - split; auto. intros i Hi. destruct (design_box i Hi). auto.
  - split; auto. intros i Hi. destruct (design_box i Hi). auto.
  - split; auto. intros i Hi. apply (design_box i Hi).
  - split; auto. intros i Hi. apply (design_box i Hi).
Qed.

Lemma mistakes_feasible : teacher_set a l.
Proof.
  assert (W := w_pos). split; [exact mistakes_box|]. intros j Hj. fold gs in Hj |- *. fold n w.
  apply Rle_trans with (rtotal (fun p => IZR (missed p) / w) (members (nth j gs nobody))).
  { apply Req_le. exact (sum_inside (fun p => IZR (missed p) / w) gs j Hj). }
  rewrite <- over_w. apply div_le_compat; auto. apply IZR_le. apply (group_bounds j Hj).
Qed.

(* --------------------------------------------------------------------------------- lower bound *)

Lemma point_stake i : s i = IZR (stakes (nth i ps nothing)) / u.
Proof.
  unfold s, stake, g, its_gains, its_harms, field, stakes. fold ps u. rewrite plus_IZR.
  unfold Rdiv. ring.
Qed.

Lemma lower_term p t :
  / (u * w * w) * (w * IZR (asked p * gain p)
    - IZR (limit p * Z.max 0 (asked p * stakes p - t)))
  = IZR (asked p) / w * (IZR (gain p) / u)
    - IZR (limit p) / w * pos (IZR (asked p) / w * (IZR (stakes p) / u) - IZR t / (u * w)).
Proof.
  assert (W := w_pos). assert (U := u_pos).
  replace (IZR (asked p) / w * (IZR (stakes p) / u) - IZR t / (u * w))
    with (IZR (asked p * stakes p - t) / (u * w)).
  2:{ rewrite minus_IZR, mult_IZR. field. lra. }
  rewrite pos_over by apply uw_pos. rewrite !mult_IZR, pos_whole. field. lra.
Qed.

Lemma lower_real : in_units a (lower a)
  = sum n (fun i => q i * g i - r i * pos (q i * s i - toll (c i)))
    - sum k (fun j => toll j * quota j).
Proof.
  assert (W := w_pos). assert (U := u_pos). unfold in_units, lower. fold u w gs.
  unfold Rdiv at 1. rewrite total_real, Rmult_comm, <- rtotal_scal.
  rewrite (rtotal_ext _ (fun G =>
    rtotal (fun p => IZR (asked p) / w * (IZR (gain p) / u) - IZR (limit p) / w
      * pos (IZR (asked p) / w * (IZR (stakes p) / u) - IZR (price G) / (u * w))) (members G)
    - IZR (price G) / (u * w) * (IZR (most G) / w))).
  2:{ intros G HG. rewrite !minus_IZR, !mult_IZR, !total_real. fold w.
      rewrite <- rtotal_scal, <- rtotal_minus, Rmult_minus_distr_l, <- rtotal_scal.
      f_equal; [|field; lra]. apply rtotal_ext. intros p Hp. apply lower_term. }
  rewrite rtotal_minus. f_equal.
  - symmetry. etransitivity.
    2:{ exact (sum_groups (fun G p => IZR (asked p) / w * (IZR (gain p) / u) - IZR (limit p) / w
        * pos (IZR (asked p) / w * (IZR (stakes p) / u) - IZR (price G) / (u * w))) gs). }
    apply sum_ext. intros i Hi. rewrite point_stake. reflexivity.
  - symmetry. exact (sum_nth (fun G => IZR (price G) / (u * w) * (IZR (most G) / w)) nobody gs).
Qed.

Lemma mistake_costs i l' : 0 <= q i -> 0 <= l' <= r i ->
  q i * s i * l' <= toll (c i) * l' + r i * pos (q i * s i - toll (c i)).
Proof.
  intros _ L. assert (A := le_pos (q i * s i - toll (c i))).
  assert (B := pos_nonneg (q i * s i - toll (c i))). nra.
Qed.

Lemma lower_holds l' : teacher_set a l' -> in_units a (lower a) <= its_payoff a q l'.
Proof.
  intros (L & M). rewrite lower_real. fold gs n w ps in L, M. fold r c k in L, M.
  assert (E : sum n (fun i => toll (c i) * l' i) <= sum k (fun j => toll j * quota j)).
  { rewrite (sum_priced n k c); [|intros i Hi; apply place_lt; exact Hi].
    apply sum_le. intros j Hj. apply Rmult_le_compat_l; [|apply M; exact Hj].
    apply div_nonneg; [apply IZR_le, (group_bounds j Hj)|apply uw_pos]. }
  apply Rle_trans with (sum n (fun i => q i * g i - r i * pos (q i * s i - toll (c i)))
    - sum n (fun i => toll (c i) * l' i)); [lra|].
  rewrite <- sum_minus. apply sum_le. intros i Hi. fold g s.
  assert (A := mistake_costs i (l' i) (proj1 (design_box i Hi)) (L i Hi)). lra.
Qed.

(* --------------------------------------------------------------------------------- upper bound *)

Lemma surplus_term p :
  IZR (Z.max 0 (one a * gain p - missed p * stakes p - level a)) / (u * w)
  = pos (IZR (gain p) / u - IZR (stakes p) / u * (IZR (missed p) / w) - lam).
Proof.
  assert (W := w_pos). assert (U := u_pos). unfold lam.
  replace (IZR (gain p) / u - IZR (stakes p) / u * (IZR (missed p) / w) - IZR (level a) / (u * w))
    with (IZR (one a * gain p - missed p * stakes p - level a) / (u * w)).
  - rewrite pos_over by apply uw_pos. rewrite pos_whole. reflexivity.
  - rewrite !minus_IZR, !mult_IZR. fold w. field. lra.
Qed.

Lemma surplus_real :
  IZR (surplus a) / (u * w) = sum n (fun i => pos (g i - s i * l i - lam)).
Proof.
  unfold surplus. fold gs. unfold Rdiv at 1. rewrite total_real, Rmult_comm, <- rtotal_scal.
  rewrite (rtotal_ext _ (fun G => rtotal (fun p =>
    pos (IZR (gain p) / u - IZR (stakes p) / u * (IZR (missed p) / w) - lam)) (members G))).
  2:{ intros G HG. rewrite total_real, <- rtotal_scal. apply rtotal_ext. intros p Hp.
      rewrite <- surplus_term. unfold Rdiv. ring. }
  symmetry. etransitivity.
  2:{ exact (sum_groups (fun _ p =>
        pos (IZR (gain p) / u - IZR (stakes p) / u * (IZR (missed p) / w) - lam)) gs). }
  apply sum_ext. intros i Hi. rewrite point_stake. reflexivity.
Qed.

Lemma learner_spends q' : learner_set a q' -> nonneg n q'
  /\ (with_cap a = true -> unit_box n q') /\ lam * sum n q' <= lam * its_budget a.
Proof.
  intros H. unfold learner_set in H. fold n in H. destruct proper_parts as (_ & _ & _ & P).
  assert (Lam : may_abstain a = true -> 0 <= lam).
  { intros E. rewrite E in P. apply div_nonneg; [apply IZR_le, P|apply uw_pos]. }
  destruct (with_cap a), (may_abstain a); destruct H as (A & B);
    (split; [try exact A; intros i Hi; apply (A i Hi)|]);
    (split; [intros E; try discriminate E; exact A|]).
  - apply Rmult_le_compat_l; auto.
  - rewrite B. apply Rle_refl.
  - apply Rmult_le_compat_l; auto.
  - rewrite B. apply Rle_refl.
Qed.

Lemma upper_holds q' : (with_cap a = true \/ surplus a = 0%Z) -> learner_set a q' ->
  its_payoff a q' l <= in_units a (budget a * level a + one a * surplus a).
Proof.
  intros C H. assert (W := w_pos). assert (U := u_pos).
  destruct (learner_spends q' H) as (Q & Box & Spend).
  replace (in_units a (budget a * level a + one a * surplus a))
    with (lam * its_budget a + IZR (surplus a) / (u * w)).
  2:{ unfold in_units, lam, its_budget. rewrite plus_IZR, !mult_IZR. fold u w. field. lra. }
  rewrite surplus_real. apply Rle_trans with (lam * sum n q' + sum n (fun i =>
    pos (g i - s i * l i - lam))); [|lra].
  rewrite <- sum_scal, <- sum_plus. apply sum_le. intros i Hi. fold g s.
  assert (A := le_pos (g i - s i * l i - lam)). assert (B := pos_nonneg (g i - s i * l i - lam)).
  assert (Qi := Q i Hi). destruct C as [C|C].
  - assert (D := Box C i Hi). nra.
  - assert (Z := surplus_real). rewrite C in Z. unfold Rdiv in Z. rewrite Rmult_0_l in Z.
    assert (T := term_le_sum n (fun i => pos (g i - s i * l i - lam)) i
      (fun j _ => pos_nonneg _) Hi). cbn beta in T. rewrite <- Z in T. nra.
Qed.
End Accepted.

Lemma verdict_sound : verdict_sound_statement.
Proof.
  intros a low high E. unfold verdict in E.
  destruct (proper a && (with_cap a || (surplus a =? 0)%Z)) eqn:A; [|discriminate].
  injection E as <- <-. apply andb_true_iff in A. destruct A as (P & C).
  assert (C' : with_cap a = true \/ surplus a = 0%Z).
  { apply orb_true_iff in C. destruct C as [C|C]; auto. right. apply Z.eqb_eq. exact C. }
  assert (Fq := design_feasible a P). assert (Fl := mistakes_feasible a P).
  split; auto. split; auto. split; [intros; apply lower_holds; auto|].
  split; [intros; apply upper_holds; auto|]. intros v (x & y & X & Y & Low & High). split.
  - eapply Rle_trans; [|apply (High _ Fq)]. apply lower_holds; auto.
  - eapply Rle_trans; [apply (Low _ Fl)|]. apply upper_holds; auto.
Qed.

(* A sum over one group is a sum over all points. *)
Lemma one_group a l : length (groups a) = 1%nat ->
  sum (size a) (inside (place (groups a)) 0 l) = sum (size a) l.
Proof.
  unfold size, points. destruct (groups a) as [|G [|]]; intros H; try discriminate H.
  apply sum_ext. intros i Hi. unfold inside. rewrite place_first; [reflexivity|].
  simpl in Hi. rewrite app_nil_r in Hi. exact Hi.
Qed.

Lemma one_group_teacher a l : length (groups a) = 1%nat ->
  (teacher_set a l <-> limited (size a) (field limit (one a) (points a))
     (IZR (most (nth 0 (groups a) nobody)) / IZR (one a)) l).
Proof.
  intros H. unfold teacher_set, limited. rewrite H. split; intros (A & B); split; auto.
  - specialize (B 0%nat ltac:(lia)). rewrite one_group in B; auto.
  - intros j Hj. replace j with 0%nat by lia. rewrite one_group; auto.
Qed.

Lemma verdict_value : verdict_value_statement.
Proof.
  intros a low high E C A H S0. destruct (verdict_sound a low high E) as (Q & L & Low & High & V).
  assert (P : proper a = true) by (unfold verdict in E; destruct (proper a); auto; discriminate).
  destruct (proper_parts a P) as (W & U & _). apply IZR_lt in W. apply IZR_lt in U.
  unfold learner_set in Q. rewrite C, A in Q. destruct Q as (Q1 & Q2).
  set (n := size a) in *. set (g := its_gains a). set (s := stake g (its_harms a)).
  set (r := field limit (one a) (points a)).
  set (m := IZR (most (nth 0 (groups a) nobody)) / IZR (one a)).
  destruct (proj1 (one_group_teacher a _ H) L) as (L1 & L2). fold n r m in L1, L2.
  destruct (Capped.A2_capped n g s r m (its_budget a)) as (lam & tau & q & l & _ & _ & _ & _ & X).
  - eapply Rle_trans; [|exact L2]. apply sum_nonneg. intros i Hi. apply (L1 i Hi).
  - eapply Rle_trans; [|exact Q2]. apply sum_nonneg. intros i Hi. apply (Q1 i Hi).
  - intros i Hi. unfold s, g. rewrite point_stake. apply Rdiv_lt_0_compat; auto. apply IZR_lt, S0.
    apply nth_In. exact Hi.
  - intros i Hi. destruct (L1 i Hi). lra.
  - eexists. assert (Y : value (learner_set a) (teacher_set a) (its_payoff a)
      (its_budget a * lam + sum n (fun i => pos (g i - s i * l i - lam)))).
    { exists q, l. destruct X as (X1 & X2 & X3 & X4). split.
      - unfold learner_set. rewrite C, A. exact X1.
      - split; [apply one_group_teacher; auto|]. split.
        + intros l' Hl'. apply X3. apply one_group_teacher; auto.
        + intros q' Hq'. apply X4. unfold learner_set in Hq'. rewrite C, A in Hq'. exact Hq'. }
    split; [exact Y|]. apply V. exact Y.
Qed.
