(* N6 and N7: tails of a draw, and two worlds that look the same. *)
Require Import Reals Lra Lia.
From Radsim Require Import Statements TailStatements Sums Levels.
Open Scope R_scope.

Lemma sum_exchange n k (f : nat -> nat -> R) :
  sum n (fun i => sum k (fun j => f i j)) = sum k (fun j => sum n (fun i => f i j)).
Proof.
  induction n; simpl.
  - symmetry. apply sum_zero. auto.
  - rewrite IHn, <- sum_plus. reflexivity.
Qed.

Lemma mean_of_draws n K g s l P x :
  total K P (fun k => payoff n g s (x k) l) = payoff n g s (included K P x) l.
Proof.
  unfold total, payoff, included.
  rewrite (sum_ext K _ (fun k => sum n (fun i => P k * x k i * (g i - s i * l i)))).
  2:{ intros k Hk. rewrite <- sum_scal. apply sum_ext. intros. ring. }
  rewrite sum_exchange. apply sum_ext. intros i Hi.
  rewrite (Rmult_comm (sum K _)), <- sum_scal. apply sum_ext. intros. ring.
Qed.

(* Cases of the whole probability are all of them. *)
Lemma all_cases K P w : (forall k, (k < K)%nat -> 0 <= w k <= P k) -> sum K w = sum K P ->
  forall k, (k < K)%nat -> w k = P k.
Proof.
  intros B E k Hk. destruct (B k Hk) as (_ & U).
  assert (A : (fun i => P i - w i) k <= sum K (fun i => P i - w i)).
  { apply (term_le_sum K (fun i => P i - w i)); auto. intros i Hi. destruct (B i Hi). lra. }
  rewrite sum_minus in A. simpl in A. lra.
Qed.

Lemma N6_mean : N6_mean_statement.
Proof.
  intros n K g s l P x w (_ & T) (B & W). rewrite <- mean_of_draws. unfold total.
  apply sum_ext. intros k Hk. rewrite (all_cases K P w); auto. lra.
Qed.

Lemma N6_between : N6_between_statement.
Proof.
  intros n K g s l P x a most (N & T) A Z U M.
  assert (E : total K P Z = U) by apply mean_of_draws. split.
  - exists (fun k => a * P k). split.
    + split.
      * intros k Hk. assert (B := N k Hk). nra.
      * rewrite sum_scal, T. ring.
    + right. unfold total in *. rewrite <- E.
      rewrite (sum_ext K _ (fun k => a * (P k * Z k))) by (intros; ring).
      rewrite sum_scal. field. lra.
  - intros w (B & W). apply div_le_compat; [|lra].
    assert (D : sum K (fun k => (P k - w k) * Z k) <= sum K (fun k => most * (P k - w k))).
    { apply sum_le. intros k Hk. destruct (B k Hk). specialize (M k Hk). nra. }
    rewrite sum_scal, sum_minus, T, W in D.
    rewrite (sum_ext K _ (fun k => P k * Z k - w k * Z k)) in D by (intros; ring).
    rewrite sum_minus in D. unfold total in *. lra.
Qed.

Lemma N6_level : N6_level_statement.
Proof.
  intros K P Z a w eta A (B & W). unfold total.
  assert (D : eta * a - sum K (fun k => P k * pos (eta - Z k)) <= sum K (fun k => w k * Z k)).
  { rewrite <- W, <- sum_scal, <- sum_minus. apply sum_le. intros k Hk. destruct (B k Hk).
    assert (X := le_pos (eta - Z k)). assert (Y := pos_nonneg (eta - Z k)). nra. }
  apply Rle_trans with ((eta * a - sum K (fun k => P k * pos (eta - Z k))) / a).
  - right. field. lra.
  - apply div_le_compat; auto.
Qed.

Lemma worst_below_value (Q L : strategies) U q w v : Q q -> worst L U q w -> value Q L U v -> w <= v.
Proof.
  intros A (B & _) (q' & l & _ & C & _ & D). specialize (B l C). specialize (D q A). lra.
Qed.

Lemma N7_two_worlds : N7_two_worlds_statement.
Proof.
  intros K n Q g s P0 P1 m0 m1 v0 v1 w0 w1 both q N0 N1 U A.
  assert (D : sum K (fun x => Rmin (P0 x) (P1 x) * (v0 x + v1 x - both x))
              <= sum K (fun x => P0 x * (v0 x - w0 x)) + sum K (fun x => P1 x * (v1 x - w1 x))).
  { rewrite <- sum_plus. apply sum_le. intros x Hx.
    destruct (A x Hx) as (Qx & V0 & V1 & W0 & W1 & B).
    assert (L0 := worst_below_value _ _ _ _ _ _ Qx W0 V0).
    assert (L1 := worst_below_value _ _ _ _ _ _ Qx W1 V1).
    specialize (B (q x) (w0 x) (w1 x) Qx W0 W1). specialize (N0 x Hx). specialize (N1 x Hx).
    assert (M0 := Rmin_l (P0 x) (P1 x)). assert (M1 := Rmin_r (P0 x) (P1 x)).
    assert (M : 0 <= Rmin (P0 x) (P1 x)) by (apply Rmin_glb; auto).
    apply Rle_trans with (Rmin (P0 x) (P1 x) * (v0 x - w0 x)
                          + Rmin (P0 x) (P1 x) * (v1 x - w1 x)); [nra|].
    apply Rplus_le_compat; apply Rmult_le_compat_r; lra. }
  set (a := sum K (fun x => P0 x * (v0 x - w0 x))) in *.
  set (b := sum K (fun x => P1 x * (v1 x - w1 x))) in *.
  assert (X := Rmax_l a b). assert (Y := Rmax_r a b). lra.
Qed.

(* A share of the mistakes, at most twice as many, where none is above a half. *)
Lemma share_of_mistakes n l c m : (forall i, (i < n)%nat -> 0 <= l i <= / 2) ->
  0 <= c <= 2 -> c * sum n l <= m -> mistakes n m (fun i => c * l i).
Proof.
  intros B C M. split.
  - intros i Hi. specialize (B i Hi). nra.
  - rewrite sum_scal. exact M.
Qed.

Lemma N7_mean : N7_mean_statement.
Proof.
  intros n g h m0 m1 b lam q w0 w1 P H M s (Ph & _) Lam (Qn & Qs) (W0 & _) (W1 & _).
  unfold phi in Ph. set (l := shaved g s lam) in *. set (m := (m0 + m1) / 2) in *.
  assert (B : forall i, (i < n)%nat -> 0 <= l i <= / 2).
  { intros i Hi. destruct (P i Hi) as (G & _). specialize (H i Hi).
    assert (Si : 0 < s i) by (unfold s, stake; lra). split.
    - apply div_nonneg; [apply pos_nonneg|auto].
    - apply div_le_iff_le_mult; auto. unfold s, stake in *.
      destruct (pos_cases (g i - lam)) as [(_ & ->) | (_ & ->)]; lra. }
  assert (E : exists c0 c1, 0 <= c0 <= 2 /\ 0 <= c1 <= 2 /\ c0 + c1 = 2
                            /\ c0 * m <= m0 /\ c1 * m <= m1).
  { destruct (Req_dec m 0) as [Z | Z].
    - exists 1, 1. unfold m in *. repeat split; lra.
    - assert (0 < m) by (unfold m in *; lra). exists (m0 / m), (m1 / m).
      assert (m0 / m + m1 / m = 2) by (unfold m in *; field; lra).
      assert (0 <= m0 / m) by (apply div_nonneg; lra).
      assert (0 <= m1 / m) by (apply div_nonneg; lra).
      repeat split; try lra; right; field; lra. }
  destruct E as (c0 & c1 & C0 & C1 & C & M0 & M1).
  specialize (W0 _ (share_of_mistakes n l c0 m0 B C0 ltac:(rewrite Ph; lra))).
  specialize (W1 _ (share_of_mistakes n l c1 m1 B C1 ltac:(rewrite Ph; lra))).
  assert (T : payoff n g s q (fun i => c0 * l i) + payoff n g s q (fun i => c1 * l i)
              <= sum n (fun i => 2 * lam * q i)).
  { unfold payoff. rewrite <- sum_plus. apply sum_le. intros i Hi.
    specialize (Qn i Hi). destruct (P i Hi) as (G & Hh).
    assert (Si : 0 < s i) by (unfold s, stake; lra).
    assert (X : g i - lam <= s i * l i).
    { unfold l, shaved. replace (s i * (pos (g i - lam) / s i)) with (pos (g i - lam))
        by (field; lra). apply le_pos. }
    replace c1 with (2 - c0) by lra. nra. }
  rewrite sum_scal in T. nra.
Qed.
