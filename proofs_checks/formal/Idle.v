(* R2 for a learner who may abstain, at V > 0 and at V = 0. *)
Require Import Reals Lra Lia.
From Radsim Require Import Statements MoreStatements Sums Levels Prefixes Shape Regret.
Open Scope R_scope.

Section Idle.
Variables (n m : nat) (g h : nat -> R) (V : R).
Hypothesis in_pool : pool n g h.
Hypothesis sorted : descending n g.
Hypothesis V_nonneg : 0 <= V.
Let s := stake g h.
Hypothesis m_enough : phi n g s V <= INR m.
Let s_pos : all_positive n s := pool_stakes_positive n g h in_pool.
Let correct (x : R) (i : nat) : R := (h i + x) / s i.

Lemma idle_shaved x : V <= x ->
  unit_box n (shaved g s x) /\ sum n (shaved g s x) <= INR m.
Proof.
  intros X. apply (shaved_feasible n g h (INR m) x in_pool); [lra|].
  eapply Rle_trans; [|exact m_enough]. apply phi_antitone; auto.
Qed.

Lemma idle_pays_at_most x p : 0 <= x -> uncapped n 1 p -> payoff n g s p (shaved g s x) <= x.
Proof.
  intros X (N & B). rewrite <- (Rmult_1_l x) at 2. apply (shaving_holds_level n); auto.
Qed.

Lemma correct_nonneg x i : 0 <= x -> (i < n)%nat -> 0 <= correct x i.
Proof.
  intros X Hi. destruct (in_pool i Hi) as (_ & A). apply div_nonneg; [lra|apply s_pos; exact Hi].
Qed.

Lemma correct_prefix_le x j k : 0 <= x -> (j <= k)%nat -> (k <= n)%nat ->
  sum j (correct x) <= sum k (correct x).
Proof.
  intros X Hj Hk. rewrite (sum_split k j) by exact Hj.
  assert (0 <= sum (k - j) (fun i => correct x (j + i)%nat)); [|lra].
  apply sum_nonneg. intros i Hi. apply correct_nonneg; [exact X|lia].
Qed.

(* The teacher's law at the pivot. *)
Lemma idle_lower_at_pivot j p : pivot n g h V j -> V <= g j -> uncapped n 1 p ->
  exists l b, marked n m l /\ hindsight n g s l b
    /\ excess n g h V (g j) - V <= b - payoff n g s p l.
Proof.
  intros J G F. destruct (idle_shaved V (Rle_refl V)) as (U & M). assert (Jc := J).
  destruct J as (Hj & J1 & J2).
  assert (A : forall i, (i <= j)%nat -> 1 - shaved g s V i = correct V i).
  { intros i Hi. apply (correct_is_unshaved n g h in_pool); [lia|].
    assert (g j <= g i) by (apply sorted; auto). lra. }
  assert (Ep := excess_at_pivot n g h V sorted j Jc). fold s in Ep.
  assert (Lin := correct_sum_linear g h V j (g j)). fold s in Lin.
  assert (Pay := idle_pays_at_most V p V_nonneg F).
  destruct (some_atom_beats_design n g s m (shaved g s V) j p 1 (excess n g h V (g j) - V))
    as (l & b & Mk & Hb & i & Hi & Gi & Q); auto.
  - rewrite (sum_ext j _ (correct V)) by (intros; apply A; lia).
    rewrite (sum_ext (S j) (fun i => 1 - shaved g s V i) (correct V)) by (intros; apply A; lia).
    split; [exact J1|exact J2].
  - rewrite (sum_ext j (fun i => 1 - shaved g s V i) (correct V)) by (intros; apply A; lia).
    rewrite (sum_ext j (fun i => (1 - shaved g s V i) * g i) (fun i => g i * correct V i))
      by (intros; rewrite A by lia; ring).
    unfold correct at 1 2. rewrite Ep, Lin. lra.
  - exists l, b. split; auto. split; auto. lra.
Qed.

(* The clamped case: the first k points lie above t1 > 0, and at V they are correct less than once
   in the mean; at mu exactly once. *)
Section Clamp.
Variables (t1 : R) (k0 : nat).
Let k := S k0.
Hypothesis t1_pos : 0 < t1.
Hypothesis phi_t1 : phi n g s t1 = 1.
Hypothesis k_le_n : (k <= n)%nat.
Hypothesis above_t1 : forall i, (i < n)%nat -> ((i < k)%nat <-> t1 < g i).
Hypothesis few_correct : sum k (correct V) < 1.
Let mu := (1 - sum k (fun i => h i / s i)) / sum k (fun i => / s i).

Lemma clamp_inverses_positive : 0 < sum k (fun i => / s i).
Proof. apply inverse_sum_positive; [unfold k; lia|]. intros i Hi. apply s_pos. lia. Qed.

Lemma clamp_affine x :
  sum k (correct x) = sum k (fun i => h i / s i) + x * sum k (fun i => / s i).
Proof. exact (correct_sum_affine g h k0 x). Qed.

Lemma clamp_correct_at_mu : sum k (correct mu) = 1.
Proof. assert (P := clamp_inverses_positive). rewrite clamp_affine. unfold mu. field. lra. Qed.

Lemma clamp_value_lt_mu : V < mu.
Proof.
  assert (P := clamp_inverses_positive). assert (A := clamp_affine V).
  assert (B := clamp_affine mu). rewrite clamp_correct_at_mu in B. nra.
Qed.

Lemma clamp_above i : (i < k)%nat -> t1 < g i.
Proof. intros Hi. apply above_t1; auto. lia. Qed.

Lemma clamp_below i : (k <= i < n)%nat -> g i <= t1.
Proof. intros Hi. destruct (Rlt_dec t1 (g i)) as [Q|Q]; [apply above_t1 in Q; lia|lra]. Qed.

Lemma clamp_prefix : sum k (fun i => (g i - t1) / s i) = 1.
Proof.
  rewrite <- phi_t1. unfold phi. rewrite (sum_prefix n k); [|exact k_le_n|].
  - apply sum_ext. intros i Hi. assert (A := clamp_above i Hi). unfold shaved.
    rewrite pos_of_nonneg by lra. reflexivity.
  - intros i Hi. assert (A := clamp_below i Hi). unfold shaved.
    rewrite pos_of_nonpos by lra. unfold Rdiv. ring.
Qed.

Lemma clamp_mu_le_t1 : mu <= t1.
Proof.
  assert (P := clamp_inverses_positive). assert (One := clamp_prefix).
  assert (A : sum k (fun i => (g i - t1) / s i) = INR k - sum k (correct t1)).
  { replace (INR k) with (sum k (fun _ => 1)) by (rewrite sum_const; ring).
    rewrite <- sum_minus. apply sum_ext. intros i Hi. assert (Q := s_pos i ltac:(lia)).
    unfold correct, s, stake in *. field. lra. }
  rewrite One, clamp_affine in A.
  assert (B := clamp_affine mu). rewrite clamp_correct_at_mu in B.
  assert (Two : 2 <= INR k).
  { destruct k0 as [|k1].
    - exfalso. unfold k in One. simpl in One. destruct (in_pool 0%nat ltac:(unfold k in *; lia)).
      assert (Q := s_pos 0%nat ltac:(unfold k in *; lia)).
      assert (E : g 0%nat - t1 = s 0%nat).
      { apply Rmult_eq_reg_r with (/ s 0%nat); [|apply Rinv_neq_0_compat; lra].
        rewrite Rinv_r by lra. unfold Rdiv in One. lra. }
      unfold s, stake in E. lra.
    - unfold k. rewrite !S_INR. assert (Q := pos_INR k1). lra. }
  nra.
Qed.

Lemma clamp_excess : excess n g h V t1 - V = sum k (fun i => g i * correct mu i) - mu.
Proof.
  assert (One := clamp_prefix). assert (W := clamp_correct_at_mu).
  rewrite (excess_is_prefix n g h V t1 k k_le_n); [|intros; apply Rlt_le, clamp_above; auto|
    intros; apply clamp_below; auto].
  assert (Y : forall a, sum k (fun i => (g i - t1) * correct a i)
                        = sum k (fun i => (g i - t1) * (h i / s i)) + a).
  { intros a. apply eq_trans with (sum k (fun i => (g i - t1) * (h i / s i))
      + a * sum k (fun i => (g i - t1) / s i)); [|rewrite One; ring].
    rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros i Hi. unfold correct, Rdiv. ring. }
  assert (Z : sum k (fun i => g i * correct mu i)
              = sum k (fun i => (g i - t1) * correct mu i) + t1).
  { apply eq_trans with (sum k (fun i => (g i - t1) * correct mu i) + t1 * sum k (correct mu));
      [|rewrite W; ring].
    rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros. ring. }
  assert (YV : sum k (fun i => (g i - t1) * ((h i + V) / stake g h i))
     = sum k (fun i => (g i - t1) * (h i / s i)) + V) by exact (Y V).
  assert (Ym := Y mu). rewrite YV, Z, Ym. ring.
Qed.

Lemma idle_lower_at_clamp p : uncapped n 1 p -> exists l b, marked n m l
  /\ hindsight n g s l b /\ excess n g h V t1 - V <= b - payoff n g s p l.
Proof.
  intros F. assert (MuV := clamp_value_lt_mu). assert (MuT := clamp_mu_le_t1).
  destruct (idle_shaved mu (Rlt_le _ _ MuV)) as (U & M).
  assert (A : forall i, (i < k)%nat -> 1 - shaved g s mu i = correct mu i).
  { intros i Hi. apply (correct_is_unshaved n g h in_pool); [lia|].
    assert (Q := clamp_above i Hi). lra. }
  assert (W := clamp_correct_at_mu). unfold k in W. simpl in W.
  assert (Wk : 0 < correct mu k0).
  { destruct (in_pool k0 ltac:(unfold k in *; lia)) as (_ & B).
    apply Rdiv_lt_0_compat; [lra|apply s_pos; unfold k in *; lia]. }
  assert (Pay := idle_pays_at_most mu p ltac:(lra) F).
  destruct (some_atom_beats_design n g s m (shaved g s mu) k0 p 1 (excess n g h V t1 - V))
    as (l & b & Mk & Hb & i & Hi & Gi & Q); auto.
  - simpl. rewrite (sum_ext k0 _ (correct mu)) by (intros; apply A; unfold k; lia).
    rewrite A by (unfold k; lia). lra.
  - rewrite (sum_ext k0 (fun i => 1 - shaved g s mu i) (correct mu))
      by (intros; apply A; unfold k; lia).
    rewrite (sum_ext k0 (fun i => (1 - shaved g s mu i) * g i) (fun i => g i * correct mu i))
      by (intros; rewrite A by (unfold k; lia); ring).
    rewrite clamp_excess. unfold k. simpl.
    replace (1 - sum k0 (correct mu)) with (correct mu k0) by lra. lra.
  - exists l, b. split; auto. split; auto. lra.
Qed.
End Clamp.

(* Points above t1 that are few enough: before the pivot, or all of them where there is none. *)
Lemma idle_lower_above x t1 p : 0 <= x -> x < t1 -> level n g s 1 t1 ->
  (forall k, (k <= n)%nat -> (forall i, (i < k)%nat -> t1 < g i) -> sum k (correct V) < 1) ->
  uncapped n 1 p -> exists l b, marked n m l /\ hindsight n g s l b
    /\ excess n g h V t1 - V <= b - payoff n g s p l.
Proof.
  intros X T (Ph & _) Few F. destruct (points_above_are_prefix n g t1 sorted) as (k & Kn & E).
  assert (Ab : forall i, (i < k)%nat -> t1 < g i) by (intros i Hi; apply E; [lia|exact Hi]).
  destruct k as [|k0].
  - exfalso. assert (phi n g s t1 = 0); [|lra]. apply sum_zero. intros i Hi. unfold shaved.
    rewrite pos_of_nonpos; [unfold Rdiv; ring|].
    destruct (Rlt_dec t1 (g i)) as [Q|Q]; [|lra]. apply E in Q; [lia|auto].
  - apply (idle_lower_at_clamp t1 k0); auto. lra.
Qed.
End Idle.

Lemma few_before_pivot n g h V j t1 k : pool n g h -> 0 <= V -> descending n g ->
  pivot n g h V j -> g j < t1 -> (k <= n)%nat -> (forall i, (i < k)%nat -> t1 < g i) ->
  sum k (fun i => (h i + V) / stake g h i) < 1.
Proof.
  intros P X D (Hj & J1 & _) T Hk Ab. eapply Rle_lt_trans; [|exact J1].
  apply (correct_prefix_le n g h P V k j X); [|lia].
  destruct (le_lt_dec k j) as [?|Q]; auto. specialize (Ab j Q). lra.
Qed.

Lemma le_rmax_minus x b u : x <= b - u -> x <= Rmax 0 b - u.
Proof. intros. assert (A := Rmax_r 0 b). lra. Qed.

Lemma R2_abstaining : R2_abstaining_statement.
Proof.
  intros n g h m V j t1 P D L Vp J T1.
  assert (s_pos := pool_stakes_positive n g h P).
  assert (G := value_le_pivot_gain n m g h V P D L Vp j J).
  assert (Enough : phi n g (stake g h) V <= INR m) by (destruct L as (-> & _); lra).
  assert (A := Rmax_l (g j) t1). assert (B := Rmax_r (g j) t1). split.
  - assert (Ph : phi n g (stake g h) (Rmax (g j) t1) <= 1).
    { destruct T1 as (<- & _). apply phi_antitone; auto. }
    destruct (insured_regret_le n m g h V P L Vp (Rmax (g j) t1) ltac:(lra) Ph)
      as (p & (F1 & F2) & Q).
    exists p. split; [split; [exact F1|lra]|]. intros l b Mk Hb.
    destruct (unmarked_point_exists n m g h V P D L Vp l Mk) as (i & Hi & Z).
    rewrite Rmax_right; [apply Q; auto|]. destruct Hb as (U & _). specialize (U i Hi).
    rewrite Z in U. destruct (P i Hi). lra.
  - intros q F. assert (V0 : 0 <= V) by lra. unfold Rmax at 1.
    destruct (Rle_dec (g j) t1) as [C|C]; [destruct C as [C|C]|].
    + destruct (idle_lower_above n m g h V P D V0 Enough (g j) t1 q)
        as (l & b & Mk & Hb & Q); auto; [lra|intros; apply few_before_pivot with n j t1; auto|].
      exists l, b. split; auto. split; auto. apply le_rmax_minus. exact Q.
    + rewrite <- C. destruct (idle_lower_at_pivot n m g h V P D V0 Enough j q J G F)
        as (l & b & Mk & Hb & Q).
      exists l, b. split; auto. split; auto. apply le_rmax_minus. exact Q.
    + destruct (idle_lower_at_pivot n m g h V P D V0 Enough j q J G F) as (l & b & Mk & Hb & Q).
      exists l, b. split; auto. split; auto. apply le_rmax_minus. exact Q.
Qed.

(* V = 0: the insurance alone. *)
Lemma insurance_suffices n m g h t l b : pool n g h -> 0 <= t -> marked n m l ->
  hindsight n g (stake g h) l b ->
  Rmax 0 b - payoff n g (stake g h) (shaved g (stake g h) t) l <= excess n g h 0 t.
Proof.
  intros P T (Mk & Sm) (_ & i & Hi & Eb). set (s := stake g h) in *.
  assert (s_pos := pool_stakes_positive n g h P : all_positive n s).
  assert (E : payoff n g s (shaved g s t) l = sum n (fun i => pos (g i - t) * (1 - l i))
                - sum n (fun i => pos (g i - t) * (h i + 0) / s i)).
  { rewrite <- sum_minus. apply sum_ext. intros k Hk. specialize (s_pos k Hk).
    unfold shaved, s, stake in *. field. lra. }
  assert (N : forall k, (k < n)%nat -> 0 <= pos (g k - t) * (1 - l k)).
  { intros k Hk. apply Rmult_le_pos; [apply pos_nonneg|]. destruct (Mk k Hk) as [-> | ->]; lra. }
  assert (Sn := sum_nonneg n (fun k => pos (g k - t) * (1 - l k)) N).
  assert (Ti := term_le_sum n (fun k => pos (g k - t) * (1 - l k)) i N Hi). cbv beta in Ti.
  rewrite E. unfold excess. fold s. assert (X := le_pos (g i - t)). destruct (P i Hi).
  assert (Rmax 0 b <= t + sum n (fun k => pos (g k - t) * (1 - l k))); [|lra].
  apply Rmax_lub; [lra|]. rewrite <- Eb. destruct (Mk i Hi) as [Z|Z]; rewrite Z in *.
  - lra.
  - unfold s, stake. lra.
Qed.

(* Nobody is right with what is left of the law: a further point without gain and stake. *)
Lemma idle_lower_nobody n m g h p : (0 < n)%nat -> pool n g h ->
  sum n (fun i => g i / stake g h i) <= INR m -> sum n (fun i => h i / stake g h i) < 1 ->
  exists l b, marked n m l /\ hindsight n g (stake g h) l b
    /\ excess n g h 0 0 <= Rmax 0 b - payoff n g (stake g h) p l.
Proof.
  intros Hn P M W. set (s := stake g h) in *.
  assert (s_pos := pool_stakes_positive n g h P : all_positive n s).
  set (x := extended n (fun i => g i / s i)).
  assert (Xi : forall i, (i < n)%nat -> x i = g i / s i) by (intros; apply extended_inside; auto).
  assert (Xn : x n = 0) by apply extended_at_new_point.
  assert (C : forall i, (i < n)%nat -> 1 - x i = h i / s i).
  { intros i Hi. rewrite Xi by exact Hi. specialize (s_pos i Hi). unfold s, stake in *. field.
    lra. }
  assert (Pay : forall l, payoff (S n) (extended n g) (extended n s) (extended n p) l
                          = payoff n g s p l).
  { intros l. unfold payoff. simpl. rewrite !extended_at_new_point, Rmult_0_l, Rplus_0_r.
    apply sum_ext. intros i Hi. rewrite !extended_inside by exact Hi. reflexivity. }
  assert (Z : payoff n g s p x = 0).
  { apply sum_zero. intros i Hi. rewrite Xi by exact Hi. specialize (s_pos i Hi). field. lra. }
  destruct (some_atom_beats_design (S n) (extended n g) (extended n s) m x n (extended n p) 1
    (excess n g h 0 0)) as (l & b' & (Mk & Sm) & (U & i' & Hi' & Eb) & i & Hi & Gi & Q).
  - intros i Hi. destruct (Nat.eq_dec i n) as [->|Ne]; [rewrite Xn; lra|].
    assert (Hin : (i < n)%nat) by lia. rewrite Xi by exact Hin. destruct (P i Hin).
    split; [apply div_nonneg; [lra|auto]|apply div_le_iff_le_mult; [auto|unfold s, stake; lra]].
  - unfold x. rewrite extended_sum. exact M.
  - lia.
  - simpl. rewrite Xn, (sum_ext n _ (fun i => h i / s i)) by exact C.
    assert (0 <= sum n (fun i => h i / s i)); [|lra].
    apply sum_nonneg. intros i Hi. destruct (P i Hi). apply div_nonneg; [lra|auto].
  - rewrite Pay, Z, extended_at_new_point.
    rewrite (sum_ext n (fun i => (1 - x i) * extended n g i) (fun i => g i * (h i + 0) / s i)).
    + right. unfold excess. fold s. rewrite Rplus_0_l, Rmult_0_r, Rplus_0_r, Rmult_1_l, Rminus_0_r.
      apply sum_ext. intros i Hi. destruct (P i Hi). rewrite pos_of_nonneg by lra.
      rewrite Rminus_0_r. reflexivity.
    + intros i Hi. rewrite C, extended_inside by exact Hi. unfold Rdiv. ring.
  - rewrite Pay in Q. destruct (hindsight_exists n g s l Hn) as (b & Hb).
    assert (Le : b' <= Rmax 0 b).
    { rewrite <- Eb. destruct (Nat.eq_dec i' n) as [->|Ne].
      - rewrite !extended_at_new_point. assert (A := Rmax_l 0 b). lra.
      - assert (Hin : (i' < n)%nat) by lia. rewrite !extended_inside by exact Hin.
        destruct Hb as (Ub & _). specialize (Ub i' Hin). assert (A := Rmax_r 0 b). lra. }
    exists l, b. split; [|split; [exact Hb|lra]]. split; [intros k Hk; apply Mk; lia|].
    simpl in Sm. destruct (Mk n ltac:(lia)) as [Y|Y]; lra.
Qed.

Lemma R2_zero : R2_zero_statement.
Proof.
  intros n g h m x t1 Hn P D M C T1. assert (s_pos := pool_stakes_positive n g h P).
  assert (Enough : phi n g (stake g h) 0 <= INR m) by (rewrite (phi_at_zero n g h P); exact M).
  assert (X : 0 <= x).
  { destruct C as [(j & (Hj & _) & ->)|(_ & ->)]; [destruct (P j Hj); lra|lra]. }
  assert (A := Rmax_l x t1). assert (B := Rmax_r x t1). split.
  - exists (shaved g (stake g h) (Rmax x t1)). split.
    + split; [intros i Hi; apply shaved_nonneg with n; auto|].
      assert (E := T1). destruct E as (E & _). rewrite <- E. apply phi_antitone; auto.
    + intros l b Mk Hb. apply insurance_suffices with m; auto. lra.
  - intros q F. destruct (Rlt_dec x t1) as [T|T].
    + rewrite Rmax_right by lra.
      destruct (idle_lower_above n m g h 0 P D (Rle_refl 0) Enough x t1 q)
        as (l & b & Mk & Hb & Q); auto.
      { intros k Hk Ab. destruct C as [(j & J & ->)|(W & _)].
        - apply few_before_pivot with n j t1; auto; lra.
        - eapply Rle_lt_trans; [apply (correct_prefix_le n g h P 0 k n (Rle_refl 0) Hk (le_n n))|].
          rewrite (sum_ext n _ (fun i => h i / stake g h i)); auto.
          intros. rewrite Rplus_0_r. reflexivity. }
      exists l, b. split; auto. split; auto. apply le_rmax_minus. lra.
    + rewrite Rmax_left by lra. destruct C as [(j & J & ->)|(W & ->)].
      * destruct (idle_lower_at_pivot n m g h 0 P D (Rle_refl 0) Enough j q J X F)
          as (l & b & Mk & Hb & Q).
        exists l, b. split; auto. split; auto. apply le_rmax_minus. lra.
      * apply idle_lower_nobody; auto.
Qed.
