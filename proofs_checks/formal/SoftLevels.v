(* The level of errors of any size (N4): it exists and is the only one. *)
Require Import Reals Lra Lia List.
From Radsim Require Import Statements TeacherStatements Sums Levels Deviations Envelopes.
Open Scope R_scope.

Section Inverse.
Variables phi env psi : R -> R.
Hypothesis phi_damage : damage phi.
Hypothesis env_envelope : envelope phi env.
Hypothesis psi_inverse : inverse env psi.

Lemma psi_rises y z : 0 <= y -> y <= z -> z <= 1 -> psi y <= psi z.
Proof.
  intros Y L Z. destruct (psi_inverse z) as (P & E & _); [lra|].
  destruct (psi_inverse y) as (_ & _ & M); [lra|]. apply M; lra.
Qed.

Lemma psi_strictly_rises y z : 0 <= y -> y < z -> z <= 1 -> psi y < psi z.
Proof.
  intros Y L Z. assert (A := psi_rises y z Y (Rlt_le _ _ L) Z).
  destruct (Req_dec (psi y) (psi z)) as [E|N]; [|lra].
  destruct (psi_inverse z) as (_ & Ez & _); [lra|].
  destruct (psi_inverse y) as (_ & Ey & _); [lra|]. rewrite E in Ey. lra.
Qed.

Lemma env_at_most_one x : 0 <= x <= 1 -> env x <= 1.
Proof.
  intros X. destruct env_envelope as (_ & M).
  destruct (M x X) as (_ & u & v & t & U & V & T & _ & E).
  assert (A := phi_in_unit phi phi_damage u U). assert (B := phi_in_unit phi phi_damage v V).
  assert (t * phi u <= t * 1) by (apply Rmult_le_compat_l; lra).
  assert ((1 - t) * phi v <= (1 - t) * 1) by (apply Rmult_le_compat_l; lra). lra.
Qed.

Lemma env_rises u x : 0 <= u -> u <= x -> x <= 1 -> env u <= env x.
Proof.
  intros U L X. destruct (Req_dec u 1) as [E|N]; [replace x with u by lra; lra|].
  destruct env_envelope as (C & M). destruct (M 1) as (One & _); [lra|].
  destruct phi_damage as (_ & P1 & _). assert (A := env_at_most_one u ltac:(lra)).
  set (t := (1 - x) / (1 - u)). assert (T : 0 <= t <= 1).
  { unfold t. split; [apply div_nonneg; lra|]. apply div_le_iff_le_mult; lra. }
  specialize (C u 1 t ltac:(lra) ltac:(lra) T).
  replace (t * u + (1 - t) * 1) with x in C by (unfold t; field; lra).
  assert ((1 - t) * 1 <= (1 - t) * env 1) by (apply Rmult_le_compat_l; lra).
  assert (t * env u + (1 - t) * env u <= t * env u + (1 - t) * 1); [|lra].
  apply Rplus_le_compat_l, Rmult_le_compat_l; lra.
Qed.

(* No jump from the left: a little less damage takes almost the same size. *)
Lemma psi_left_continuous y delta : 0 < y <= 1 -> 0 < delta -> exists y0, 0 <= y0 < y
  /\ forall z, y0 <= z <= 1 -> psi y - delta <= psi z.
Proof.
  intros Y D. destruct (psi_inverse y) as (P & E & L); [lra|].
  destruct (Rle_dec (psi y) delta) as [A|A].
  - exists 0. split; [lra|]. intros z Z. destruct (psi_inverse z) as (Pz & _); lra.
  - set (x := psi y - delta). assert (X : 0 <= x <= 1) by (unfold x; lra).
    assert (B : env x < y).
    { destruct (Rlt_dec (env x) y) as [|N]; [assumption|]. exfalso.
      assert (psi y <= x) by (apply L; lra). unfold x in *. lra. }
    assert (C : 0 <= env x).
    { rewrite <- (env_at_zero phi env phi_damage env_envelope). apply env_rises; lra. }
    exists ((env x + y) / 2). split; [lra|]. intros z Z.
    destruct (psi_inverse z) as (Pz & Ez & _); [lra|].
    destruct (Rle_dec x (psi z)) as [|N]; [assumption|]. exfalso.
    assert (env (psi z) <= env x) by (apply env_rises; lra). lra.
Qed.

Lemma psi_step y z b : 0 <= y -> y < z -> z <= b -> b < 1 ->
  psi z - psi y <= / (1 - b) * (z - y).
Proof.
  intros Y L Z B.
  assert (C := slopes_rise phi env psi env_envelope psi_inverse y z 1 Y L ltac:(lra) ltac:(lra)).
  destruct (psi_inverse 1) as (P1 & _); [lra|]. destruct (psi_inverse z) as (Pz & _); [lra|].
  assert (D : (psi 1 - psi z) / (1 - z) <= / (1 - b)).
  { apply div_le_iff_le_mult; [lra|]. apply Rle_trans with 1; [lra|].
    apply Rmult_le_reg_l with (1 - b); [lra|].
    replace ((1 - b) * (/ (1 - b) * (1 - z))) with (1 - z) by (field; lra). lra. }
  replace (psi z - psi y) with ((psi z - psi y) / (z - y) * (z - y)) by (field; lra).
  apply Rmult_le_compat_r; lra.
Qed.

Lemma psi_lipschitz y z b : 0 <= y <= b -> 0 <= z <= b -> b < 1 ->
  Rabs (psi y - psi z) <= / (1 - b) * Rabs (y - z).
Proof.
  intros Y Z B. destruct (Rtotal_order y z) as [L|[->|L]].
  - assert (A := psi_rises y z ltac:(lra) ltac:(lra) ltac:(lra)).
    assert (C := psi_step y z b ltac:(lra) L ltac:(lra) B).
    rewrite (Rabs_left1 (psi y - psi z)), (Rabs_left1 (y - z)) by lra.
    replace (- (y - z)) with (z - y) by lra.
    apply Rle_trans with (psi z - psi y); [lra|exact C].
  - replace (psi z - psi z) with 0 by lra. replace (z - z) with 0 by lra. rewrite Rabs_R0. lra.
  - assert (A := psi_rises z y ltac:(lra) ltac:(lra) ltac:(lra)).
    assert (C := psi_step z y b ltac:(lra) L ltac:(lra) B).
    rewrite (Rabs_pos_eq (psi y - psi z)), (Rabs_pos_eq (y - z)) by lra. exact C.
Qed.

End Inverse.

Lemma least_of_positive n (e : nat -> R) : (forall i, (i < n)%nat -> 0 < e i) ->
  exists x, 0 < x /\ forall i, (i < n)%nat -> x <= e i.
Proof.
  induction n; intros P; [exists 1; split; [lra|intros; lia]|].
  destruct IHn as (x & X & L); [intros; apply P; lia|]. exists (Rmin x (e n)).
  assert (M1 := Rmin_l x (e n)). assert (M2 := Rmin_r x (e n)).
  split; [apply Rmin_glb_lt; auto|]. intros i Hi.
  destruct (Nat.eq_dec i n) as [->|N]; [exact M2|]. specialize (L i ltac:(lia)). lra.
Qed.

Section Root.
Variables (n : nat) (g h : nat -> R) (m : R) (phi env psi : R -> R).
Hypothesis is_pool : pool n g h.
Let s := stake g h.
Hypothesis m_pos : 0 < m.
Hypothesis phi_damage : damage phi.
Hypothesis env_envelope : envelope phi env.
Hypothesis psi_inverse : inverse env psi.

Lemma stakes_pos : all_positive n s.
Proof. apply pool_stakes_positive. exact is_pool. Qed.

Lemma shaved_below_one x i : (i < n)%nat -> 0 < x -> 0 <= shaved g s x i < 1.
Proof.
  intros Hi X. assert (P := is_pool i Hi). assert (Q := stakes_pos i Hi).
  split; [apply shaved_nonneg with (n := n); [exact stakes_pos|exact Hi]|].
  unfold shaved. replace 1 with (s i / s i) by (field; lra).
  apply div_lt_compat; [|exact Q]. unfold s, stake. destruct (pos_cases (g i - x)); lra.
Qed.

Lemma shaved_positive x i : (i < n)%nat -> 0 < psi (shaved g s x i) -> 0 < x -> x < g i.
Proof.
  intros Hi P X. destruct (Rlt_dec x (g i)) as [|N]; [assumption|]. exfalso.
  unfold shaved in P. rewrite pos_of_nonpos in P by lra. unfold Rdiv in P.
  rewrite Rmult_0_l, (psi_at_zero phi env psi phi_damage env_envelope psi_inverse) in P. lra.
Qed.

Lemma soft_level_unique x y : 0 < x -> 0 < y ->
  soft_level n g s psi m x -> soft_level n g s psi m y -> x = y.
Proof.
  assert (A : forall u v, 0 < u -> u < v ->
    sum n (fun i => psi (shaved g s u i)) = m -> sum n (fun i => psi (shaved g s v i)) = m -> False).
  { intros u v U L Eu Ev.
    destruct (positive_term_of_sum n (fun i => psi (shaved g s v i))) as (i & Hi & P); [lra|].
    assert (G := shaved_positive v i Hi P ltac:(lra)).
    assert (sum n (fun i => psi (shaved g s v i)) < sum n (fun i => psi (shaved g s u i))); [|lra].
    apply sum_lt with (i := i); auto.
    - intros j Hj. apply psi_rises with (env := env); auto.
      + apply shaved_below_one; auto. lra.
      + apply shaved_antitone with (n := n); [exact stakes_pos|exact Hj|lra].
      + apply Rlt_le, shaved_below_one; auto.
    - apply psi_strictly_rises with (env := env); auto.
      + apply shaved_below_one; auto. lra.
      + unfold shaved. apply div_lt_compat; [|apply stakes_pos; exact Hi].
        rewrite !pos_of_nonneg by lra. lra.
      + apply Rlt_le, shaved_below_one; auto. }
  intros X Y (Ex & _) (Ey & _). destruct (Rtotal_order x y) as [L|[E|L]]; [|exact E|]; exfalso.
  - apply (A x y); auto.
  - apply (A y x); auto.
Qed.

(* A level at which the teacher still wants more than m. *)
Lemma level_too_low : (0 < n)%nat -> m < sum n (fun i => psi (g i / s i)) ->
  exists x, 0 < x /\ (forall i, (i < n)%nat -> x <= g i)
    /\ m <= sum n (fun i => psi (shaved g s x i)).
Proof.
  intros Hn M. set (delta := (sum n (fun i => psi (g i / s i)) - m) / INR n).
  assert (N : 0 < INR n) by (apply lt_0_INR; exact Hn).
  assert (D : 0 < delta) by (apply Rdiv_lt_0_compat; lra).
  destruct (finite_numbers n (fun i e => 0 < e <= g i /\ forall x, 0 < x <= e ->
    psi (g i / s i) - delta <= psi (shaved g s x i))) as (e & E).
  { intros i Hi. assert (P := is_pool i Hi). assert (Q := stakes_pos i Hi).
    assert (U : 0 < g i / s i <= 1).
    { split; [apply Rdiv_lt_0_compat; lra|]. apply div_le_iff_le_mult; [exact Q|].
      unfold s, stake. lra. }
    destruct (psi_left_continuous phi env psi phi_damage env_envelope psi_inverse _ delta U D)
      as (y0 & Y & L).
    assert (A : s i * y0 < g i).
    { replace (g i) with (s i * (g i / s i)) by (field; lra). apply Rmult_lt_compat_l; lra. }
    assert (B : 0 <= s i * y0) by (apply Rmult_le_pos; lra).
    exists (g i - s i * y0). split; [lra|]. intros x X. apply L.
    split; [|apply Rlt_le, shaved_below_one; [exact Hi|lra]]. unfold shaved.
    rewrite pos_of_nonneg by lra. apply Rmult_le_reg_r with (s i); [exact Q|].
    replace ((g i - x) / s i * s i) with (g i - x) by (field; lra). lra. }
  destruct (least_of_positive n e) as (x & X & L).
  { intros i Hi. apply (E i Hi). }
  exists x. split; [exact X|]. split.
  - intros i Hi. specialize (L i Hi). destruct (E i Hi). lra.
  - apply Rle_trans with (sum n (fun i => psi (g i / s i) - delta)).
    + rewrite sum_minus, sum_const. unfold delta. right. field. lra.
    + apply sum_le. intros i Hi. apply (E i Hi). specialize (L i Hi). lra.
Qed.

Lemma wanted_continuous low : 0 < low ->
  continuity (fun x => sum n (fun i => psi (shaved g s (Rmax low x) i))).
Proof.
  intros P. set (K := fun i => / (1 - shaved g s low i) * / s i).
  apply lipschitz_continuous with (K := sum n K). intros x y.
  apply (sum_lipschitz n (fun i x => psi (shaved g s (Rmax low x) i))). intros i u v Hi.
  assert (Q := stakes_pos i Hi). assert (B := shaved_below_one low i Hi P).
  assert (A : forall w, 0 <= shaved g s (Rmax low w) i <= shaved g s low i).
  { intros w. assert (M := Rmax_l low w). split.
    - apply shaved_nonneg with (n := n); [exact stakes_pos|exact Hi].
    - apply shaved_antitone with (n := n); [exact stakes_pos|exact Hi|exact M]. }
  eapply Rle_trans; [apply psi_lipschitz with (phi := phi) (env := env) (b := shaved g s low i);
    auto; apply B|].
  unfold K. rewrite Rmult_assoc. apply Rmult_le_compat_l.
  { apply Rlt_le, Rinv_0_lt_compat. lra. }
  eapply Rle_trans; [apply shaved_lipschitz with (n := n); [exact stakes_pos|exact Hi]|].
  apply Rmult_le_compat_l; [apply Rlt_le, Rinv_0_lt_compat; exact Q|].
  assert (F : forall w, Rmax low w = low + pos (w - low)).
  { intros w. unfold pos, Rmax. destruct (Rle_dec low w), (Rle_dec 0 (w - low)); lra. }
  rewrite !F. replace (low + pos (u - low) - (low + pos (v - low)))
    with (pos (u - low) - pos (v - low)) by lra.
  eapply Rle_trans; [apply pos_lipschitz|]. right. f_equal. lra.
Qed.

Lemma soft_level_exists : m < sum n (fun i => psi (g i / s i)) ->
  exists lam, 0 < lam /\ soft_level n g s psi m lam.
Proof.
  intros M. assert (Hn : (0 < n)%nat).
  { destruct n; [simpl in M; lra|lia]. }
  destruct (level_too_low Hn M) as (low & Low & G & W).
  destruct (greatest_exists n g Hn) as (top & T).
  assert (LT : low <= top).
  { destruct T as (T & _). specialize (T O Hn). specialize (G O Hn). lra. }
  destruct (intermediate_value
    (fun x => - sum n (fun i => psi (shaved g s (Rmax low x) i))) low top (- m)) as (x & X & E).
  - apply continuity_opp, wanted_continuous. exact Low.
  - exact LT.
  - split.
    + rewrite (Rmax_left low low) by lra. lra.
    + rewrite sum_zero; [lra|]. intros i Hi. rewrite Rmax_right by exact LT.
      destruct T as (T & _). specialize (T i Hi). unfold shaved.
      rewrite pos_of_nonpos by lra. unfold Rdiv. rewrite Rmult_0_l.
      apply (psi_at_zero phi env psi phi_damage env_envelope psi_inverse).
  - cbv beta in E. rewrite Rmax_right in E by lra.
    exists x. split; [lra|]. split; [lra|].
    destruct (positive_term_of_sum n (fun i => psi (shaved g s x i))) as (i & Hi & P); [lra|].
    exists i. split; [exact Hi|]. apply Rlt_le. apply shaved_positive; auto. lra.
Qed.

End Root.

Lemma N4_level : N4_level_statement.
Proof.
  intros n g h m phi env psi P M s D E V L.
  destruct (soft_level_exists n g h m phi env psi P M D E V L) as (lam & Lp & A).
  exists lam. split; [exact Lp|]. split; [exact A|]. intros x X B.
  apply (soft_level_unique n g h m phi env psi P M D E V); auto.
Qed.
