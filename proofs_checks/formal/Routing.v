(* Several teachers at a price (N5): one is enough, and what a majority can be wrong on. *)
Require Import Reals Lra Lia.
From Radsim Require Import Statements TeacherStatements Sums Levels.
Open Scope R_scope.

Lemma sum_exchange k n (f : nat -> nat -> R) :
  sum k (fun t => sum n (f t)) = sum n (fun i => sum k (fun t => f t i)).
Proof.
  induction k; simpl.
  - symmetry. apply sum_zero. reflexivity.
  - rewrite IHk, <- sum_plus. reflexivity.
Qed.

Lemma payoff_times n g s a q l :
  payoff n g s (fun i => a * q i) l = a * payoff n g s q l.
Proof. unfold payoff. rewrite <- sum_scal. apply sum_ext. intros. lra. Qed.

Section Market.
Variables (k n : nat) (g h c m lam : nat -> R) (b : R).
Hypothesis is_pool : pool n g h.
Let s := stake g h.
Hypothesis b_nonneg : 0 <= b.
Hypothesis teachers : forall t, (t < k)%nat ->
  0 < c t /\ 0 <= m t /\ level n g s (m t) (c t * lam t).

Lemma stakes_positive : all_positive n s.
Proof. apply pool_stakes_positive. exact is_pool. Qed.

(* All teachers shave the points to the same level per unit of money. *)
Let shave (x : R) (t : nat) : nat -> R := shaved g s (c t * x).

Lemma shaving_is_allowed x : 0 <= x -> (forall t, (t < k)%nat -> lam t <= x) ->
  erring k n m (shave x).
Proof.
  intros X A t Ht. destruct (teachers t Ht) as (C & _ & (L & _)). specialize (A t Ht).
  apply shaved_feasible; [exact is_pool|apply Rmult_le_pos; lra|].
  change (phi n g s (c t * x) <= m t). rewrite <- L.
  apply phi_antitone; [exact stakes_positive|]. apply Rmult_le_compat_l; lra.
Qed.

Lemma shaving_holds_all x q : 0 <= x -> bought k n c b q ->
  market_payoff k n g s q (shave x) <= b * x.
Proof.
  intros X (N & B). apply Rle_trans with (sum k (fun t => x * (c t * sum n (q t)))).
  - apply sum_le. intros t Ht. destruct (teachers t Ht) as (C & _).
    replace (x * (c t * sum n (q t))) with (sum n (q t) * (c t * x)) by lra.
    apply shaving_holds_level; [exact stakes_positive|apply Rmult_le_pos; lra|auto|lra].
  - rewrite sum_scal, Rmult_comm. apply Rmult_le_compat_r; auto.
Qed.

(* All money to teacher u, who is asked as in V1. *)
Let ask (u t i : nat) : R := unit_vector u t * (b / c u * design n g s (c u * lam u) i).

Lemma asking_costs_b u : (u < k)%nat -> bought k n c b (ask u).
Proof.
  intros Hu. destruct (teachers u Hu) as (C & _ & (_ & i & Hi & L)). split.
  - intros t Ht j Hj. unfold ask, unit_vector. destruct (Nat.eq_dec t u); [|lra].
    rewrite Rmult_1_l. apply Rmult_le_pos; [apply div_nonneg; lra|].
    apply design_nonneg; [exact stakes_positive|auto].
  - right. rewrite (sum_ext k _ (fun t => unit_vector u t * (c t * (b / c u)))).
    + rewrite sum_unit_vector_times by exact Hu. field. lra.
    + intros t Ht. unfold ask. rewrite !sum_scal.
      rewrite (design_sums_to_one n g s stakes_positive _ i Hi L). lra.
Qed.

Lemma asking_earns u l : (u < k)%nat -> erring k n m l ->
  b * lam u <= market_payoff k n g s (ask u) l.
Proof.
  intros Hu E. destruct (teachers u Hu) as (C & _ & L). unfold market_payoff, ask.
  rewrite (sum_ext k _ (fun t => unit_vector u t *
    (b / c u * payoff n g s (design n g s (c u * lam u)) (l t)))).
  - rewrite sum_unit_vector_times by exact Hu. destruct (E u Hu) as (U & M).
    replace (b * lam u) with (b / c u * (c u * lam u)) by (field; lra).
    apply Rmult_le_compat_l; [apply div_nonneg; lra|].
    apply design_earns_level with (m := m u); auto; [exact stakes_positive|].
    intros i Hi. apply U. exact Hi.
  - intros t Ht. rewrite !payoff_times. reflexivity.
Qed.

Lemma one_is_enough top : greatest k lam top ->
  exists q l u, market_saddle k n g s c m b q l (b * Rmax 0 top)
    /\ (u < k)%nat /\ lam u = top /\ forall t i, t <> u -> q t i = 0.
Proof.
  intros (A & u & Hu & Eu). destruct (Rle_dec top 0) as [N|N].
  - rewrite Rmax_left by lra. exists (fun _ _ => 0), (shave 0), u.
    assert (W : forall t, (t < k)%nat -> lam t <= 0) by (intros t Ht; specialize (A t Ht); lra).
    split; [|auto]. split; [split|split; [apply shaving_is_allowed; auto; lra|split]].
    + intros t Ht i Hi. lra.
    + rewrite sum_zero; [exact b_nonneg|]. intros. rewrite sum_const. lra.
    + intros l' _. right. rewrite Rmult_0_r. symmetry. apply sum_zero. intros.
      apply sum_zero. intros. lra.
    + intros q' Q. apply shaving_holds_all; auto. lra.
  - rewrite Rmax_right by lra. exists (ask u), (shave top), u. split; [|split; [exact Hu|split]].
    + split; [apply asking_costs_b; exact Hu|].
      split; [apply shaving_is_allowed; auto; lra|split].
      * intros l' E. rewrite <- Eu. apply asking_earns; auto.
      * intros q' Q. apply shaving_holds_all; auto. lra.
    + exact Eu.
    + intros t i T. unfold ask, unit_vector. destruct (Nat.eq_dec t u); [contradiction|lra].
Qed.

(* A teacher who errs more and costs more has the lower level. *)
Lemma worse_teacher u more price x : (u < k)%nat -> m u <= more -> c u <= price ->
  level n g s more (price * x) -> Rmax 0 x <= Rmax 0 (lam u).
Proof.
  intros Hu M P (L & i & Hi & Li). destruct (teachers u Hu) as (C & _ & (L' & _)).
  assert (price * x <= c u * lam u).
  { destruct (Rle_dec (price * x) (c u * lam u)); auto. exfalso.
    assert (phi n g s (price * x) < phi n g s (c u * lam u)); [|lra].
    apply phi_decreases_below_gain with (i := i); auto; [exact stakes_positive|lra|lra]. }
  destruct (Rle_dec x 0) as [N|N].
  - rewrite (Rmax_left 0 x) by lra. apply Rmax_l.
  - rewrite (Rmax_right 0 x) by lra. apply Rle_trans with (lam u); [|apply Rmax_r].
    apply Rmult_le_reg_l with (c u); [exact C|]. apply Rle_trans with (price * x); [|lra].
    apply Rmult_le_compat_r; lra.
Qed.

End Market.

Lemma N5_route : N5_route_statement.
Proof. intros k n g h c m b lam top P B s T G. apply one_is_enough with (h := h); auto. Qed.

Lemma half_positive k : (0 < k)%nat -> (1 <= half k <= k)%nat.
Proof.
  intros Hk. unfold half. assert (A := Nat.div2_odd (S k)).
  destruct (Nat.odd (S k)); simpl Nat.b2n in A; lia.
Qed.

Lemma half_real k : (0 < k)%nat -> 1 <= INR (half k) <= INR k.
Proof.
  intros Hk. destruct (half_positive k Hk) as (A & B). split; [|apply le_INR; exact B].
  change 1 with (INR 1). apply le_INR. exact A.
Qed.

Lemma N5_majority : N5_majority_statement.
Proof.
  intros k n w y m Hk W M Y. assert (K := half_real k Hk).
  apply Rmult_le_reg_r with (INR (half k)); [lra|].
  replace (sum k m / INR (half k) * INR (half k)) with (sum k m) by (field; lra).
  apply Rle_trans with (sum k (fun t => sum n (w t))); [|apply sum_le; exact M].
  rewrite sum_exchange, Rmult_comm, <- sum_scal. apply sum_le. intros i Hi.
  destruct (Y i Hi) as [->|(-> & A)]; [|lra]. rewrite Rmult_0_r. apply sum_nonneg.
  intros t Ht. destruct (W t i Ht Hi); lra.
Qed.

Lemma N5_bound : N5_bound_statement.
Proof.
  intros k m u Hu A. assert (K : 1 <= INR (half k) <= INR k) by (apply half_real; lia).
  assert (P : 0 <= m u) by (apply (A u Hu)). split.
  - apply Rmult_le_reg_r with (INR (half k)); [lra|].
    replace (INR k * m u / INR (half k) * INR (half k)) with (m u * INR k) by (field; lra).
    apply Rmult_le_compat_l; lra.
  - apply div_le_compat; [|lra]. rewrite <- sum_const. apply sum_le. intros t Ht.
    apply (A t Ht).
Qed.

Lemma N5_vote : N5_vote_statement.
Proof.
  intros k n g h c m lam top x P s T (G & v & Hv & Ev) L.
  destruct (argmin_exists k (fun _ => True) m) as (u & Hu & _ & U).
  { intros. left. exact I. }
  { exists v. auto. }
  assert (A : forall t, (t < k)%nat -> 0 <= m u <= m t).
  { intros t Ht. split; [apply (T u Hu)|apply U; auto]. }
  apply Rle_trans with (Rmax 0 (lam u)).
  - apply worse_teacher with (k := k) (n := n) (g := g) (h := h) (c := c) (m := m)
      (more := sum k m / INR (half k)) (price := sum k c); auto.
    + destruct (N5_bound k m u Hu A). lra.
    + apply term_le_sum; auto. intros t Ht. destruct (T t Ht). lra.
  - apply Rle_max_compat_l. apply G. exact Hu.
Qed.
