(* Bounds by prices: of the inequalities of a polytope of mistakes, and of one pass over a pool. *)
Require Import Reals Lra Lia Arith.
From Radsim Require Import Statements DualStatements Sums Capped Farkas Polytopes Restricted.
From Radsim Require Import Certificates.
Open Scope R_scope.

(* ------------------------------------------------------------ bounds by prices of inequalities *)

Lemma payoff_split n g s q l :
  payoff n g s q l = sum n (fun i => q i * g i) - sum n (fun i => q i * s i * l i).
Proof. unfold payoff. rewrite <- sum_minus. apply sum_ext. intros. ring. Qed.

Section Guarantee.
Variables (n k : nat) (A : nat -> nat -> R) (d r s q : nat -> R).
Hypothesis Nr : nonneg n r.

Definition allowed (l : nat -> R) : Prop :=
  (forall i, (i < n)%nat -> 0 <= l i <= r i) /\ polyhedron n k A d l.
Definition weight (y : nat -> R) (i : nat) : R := q i * s i - sum k (fun j => y j * A j i).
Definition most_lost (y : nat -> R) : R :=
  dot k y d + sum n (fun i => r i * pos (weight y i)).

Lemma loss_split y l : sum n (fun i => q i * s i * l i)
  = dot n (weight y) l + dot k y (image n A l).
Proof.
  rewrite <- dot_sum. unfold dot. rewrite <- sum_plus. apply sum_ext. intros. unfold weight. ring.
Qed.

Lemma weight_le y i x : (i < n)%nat -> 0 <= x <= r i -> weight y i * x <= r i * pos (weight y i).
Proof.
  intros Hi (X1 & X2). assert (P := pos_nonneg (weight y i)). assert (L := le_pos (weight y i)).
  apply Rle_trans with (pos (weight y i) * x); [apply Rmult_le_compat_r; auto|].
  rewrite Rmult_comm. apply Rmult_le_compat_r; auto.
Qed.

Lemma loss_at_most y l : nonneg k y -> allowed l ->
  sum n (fun i => q i * s i * l i) <= most_lost y.
Proof.
  intros Y (B & P). rewrite (loss_split y l). unfold most_lost. rewrite Rplus_comm.
  apply Rplus_le_compat; [apply dot_le; auto|]. apply sum_le. intros i Hi. apply weight_le; auto.
Qed.

(* The teacher's mistakes and the prices as a game of their own. *)
Lemma best_prices : (exists l, allowed l) -> exists y l, nonneg k y /\ allowed l
  /\ most_lost y <= sum n (fun i => q i * s i * l i).
Proof.
  intros (x & X & Px). set (e i := - (q i * s i)).
  assert (El : forall y l, bilinear k n (negated d) e A y l
    = dot k y (image n A l) - dot k y d - sum n (fun i => q i * s i * l i)).
  { intros. rewrite worth_bilinear. unfold worth, pair. rewrite dot_negated, (dot_comm k d).
    replace (dot n e l) with (- sum n (fun i => q i * s i * l i)); [ring|].
    exact (eq_sym (dot_opp n (fun i => q i * s i) l)). }
  destruct (minimax_linear k n (nonneg k) (fun l => forall i, (i < n)%nat -> 0 <= l i <= r i)
    (negated d) e A) as (v & y & l & Y & B & H1 & H2); [apply linear_nonneg|apply linear_box| | |].
  - exists zero, (- sum n (fun i => r i * Rabs (q i * s i))).
    split; [intros j _; unfold zero; lra|].
    intros l B. rewrite El, !dot_zero_left, Rminus_0_r, Rminus_0_l. apply Ropp_le_contravar.
    apply sum_le. intros i Hi. specialize (B i Hi). rewrite Rmult_comm.
    apply Rle_trans with (l i * Rabs (q i * s i)); [apply Rmult_le_compat_l; [lra|apply RRle_abs]|].
    apply Rmult_le_compat_r; [apply Rabs_pos|lra].
  - exists x, (- sum n (fun i => q i * s i * x i)). split; auto. intros y Y. rewrite El.
    assert (dot k y (image n A x) <= dot k y d) by (apply dot_le; auto). lra.
  - exists y, l. split; auto.
    assert (T : v <= - most_lost y).
    { eapply Rle_trans; [apply (H1 (fun i => if Rle_dec 0 (weight y i) then r i else 0))|].
      - intros i Hi. specialize (Nr i Hi). destruct (Rle_dec 0 (weight y i)); lra.
      - rewrite El, (loss_split y). unfold most_lost.
        rewrite (sum_ext n (fun i => r i * pos (weight y i))
          (fun i => weight y i * (if Rle_dec 0 (weight y i) then r i else 0))).
        + fold (dot n (weight y) (fun i => if Rle_dec 0 (weight y i) then r i else 0)). lra.
        + intros i _. destruct (Rle_dec 0 (weight y i));
            [rewrite pos_of_nonneg|rewrite pos_of_nonpos]; lra. }
    assert (Z := H2 zero). rewrite El, !dot_zero_left in Z.
    assert (Z0 : nonneg k zero) by (intros j _; unfold zero; lra). specialize (Z Z0).
    split; [|lra]. split; auto. intros j Hj.
    assert (N : dot n (A j) l - d j <= 0); [|unfold dot in N; lra].
    apply (no_slope (- sum n (fun i => q i * s i * l i)) _ v). intros t P.
    assert (W := H2 (fun i => unit_vector j i * t)). rewrite El in W.
    assert (U : forall f, dot k (fun i => unit_vector j i * t) f = t * f j).
    { intros f. rewrite <- (dot_unit k j f Hj) at 1. unfold dot. rewrite <- sum_scal.
      apply sum_ext. intros. ring. }
    rewrite !U in W. unfold image in W. assert (t * (dot n (A j) l - d j)
      = t * dot n (A j) l - t * d j) by ring.
    assert (nonneg k (fun i => unit_vector j i * t)).
    { intros i _. unfold unit_vector. destruct (Nat.eq_dec i j); lra. }
    specialize (W H0). lra.
Qed.
End Guarantee.

Lemma A4_guarantee : A4_guarantee_statement.
Proof.
  intros n k A d r g s q N L G.
  assert (Low : forall y l, nonneg k y -> L l -> G y <= payoff n g s q l).
  { intros y l Y Hl. rewrite payoff_split.
    assert (B := loss_at_most n k A d r s q y l Y Hl). unfold most_lost, weight, dot in B.
    unfold G. lra. }
  split; auto. intros E. destruct (best_prices n k A d r s q N E) as (y & l & Y & Hl & B).
  exists y. split; auto. split; [auto|]. exists l. split; auto. apply Rle_antisym; auto.
  rewrite payoff_split. unfold most_lost, weight, dot in B. unfold G. lra.
Qed.

(* --------------------------------------------------------------------- bounds from one pass *)

Lemma loss_by_threshold n s q l m tau :
  mistakes n m l -> (forall i, (i < n)%nat -> 0 <= q i * s i) -> (0 <= tau \/ m <= INR n) ->
  sum n (fun i => q i * s i * l i)
  <= Rmin (m * tau + sum n (fun i => pos (q i * s i - tau))) (sum n (fun i => q i * s i)).
Proof.
  intros (B & T) P C.
  assert (All : sum n (fun i => q i * s i * l i) <= sum n (fun i => q i * s i)).
  { apply sum_le. intros i Hi. specialize (B i Hi). specialize (P i Hi).
    rewrite <- (Rmult_1_r (q i * s i)) at 2. apply Rmult_le_compat_l; lra. }
  apply Rmin_glb; auto. destruct (Rle_dec 0 tau) as [D|D].
  - apply Rle_trans with (tau * sum n l + sum n (fun i => pos (q i * s i - tau))).
    + rewrite <- sum_scal, <- sum_plus. apply sum_le. intros i Hi. specialize (B i Hi).
      assert (X := le_pos (q i * s i - tau)). assert (Y := pos_nonneg (q i * s i - tau)).
      assert (0 <= pos (q i * s i - tau) * (1 - l i)) by (apply Rmult_le_pos; lra).
      assert (0 <= (pos (q i * s i - tau) - (q i * s i - tau)) * l i) by (apply Rmult_le_pos; lra).
      lra.
    + assert (0 <= tau * (m - sum n l)) by (apply Rmult_le_pos; lra). lra.
  - eapply Rle_trans; [exact All|].
    assert (L : sum n (fun i => q i * s i) - INR n * tau <= sum n (fun i => pos (q i * s i - tau))).
    { rewrite <- sum_const, <- sum_minus. apply sum_le. intros. apply le_pos. }
    assert (0 <= - tau * (INR n - m)) by (apply Rmult_le_pos; lra). lra.
Qed.

(* What shrinking does to a sum: the factor f, or the share back that is taken away. *)
Lemma shrunk_factor n b f i :
  shrunk n b f i = (if Rlt_dec b (sum n f) then b / sum n f else 1) * f i.
Proof. unfold shrunk. destruct (Rlt_dec b (sum n f)); ring. Qed.

Lemma shrunk_back n b f i :
  shrunk n b f i = f i - (if Rlt_dec b (sum n f) then 1 - b / sum n f else 0) * f i.
Proof. unfold shrunk. destruct (Rlt_dec b (sum n f)); ring. Qed.

Lemma payoff_shrunk_design n g s b f l : payoff n g s (shrunk n b f) l
  = (if Rlt_dec b (sum n f) then b / sum n f else 1) * payoff n g s f l.
Proof.
  unfold payoff. rewrite <- sum_scal. apply sum_ext. intros. rewrite shrunk_factor. ring.
Qed.

Lemma payoff_shrunk_mistakes n g s m q f : payoff n g s q (shrunk n m f)
  = payoff n g s q f
    + (if Rlt_dec m (sum n f) then 1 - m / sum n f else 0) * sum n (fun i => q i * (s i * f i)).
Proof.
  unfold payoff. rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros. rewrite shrunk_back. ring.
Qed.

Lemma certificate_prices : certificate_prices_statement.
Proof.
  intros n g s m b raw_q raw_l lam tau N M B Ns L C U q l spent made lost f back top most T Mo.
  destruct (A4_polytopes n g s capped b (mistakes n m)) as (w & V & _).
  { left. right. left. reflexivity. }
  { destruct (capped_polytope n b B) as (E & _). exact E. }
  { apply mistakes_polytope, M. }
  exists w. split; auto. destruct V as (q' & l' & Hq & Hl & H1 & H2).
  assert (Bq : forall i, (i < n)%nat -> 0 <= q i <= 1) by (intros; apply clip_box).
  assert (Bl : forall i, (i < n)%nat -> 0 <= l i <= 1) by (intros; apply clip_box).
  assert (Back : 0 <= back).
  { unfold back. destruct (Rlt_dec m made); [|lra]. assert (R1 := ratio_between m made ltac:(lra)).
    lra. }
  assert (Up : w <= U q' l + back * sum n (fun i => q' i * (s i * l i))).
  { apply Rle_trans with (U q' (fit_capped n m raw_l)); [apply H1, fit_capped_feasible, M|].
    right. apply payoff_shrunk_mistakes. }
  destruct Hq as (Q1 & Q2). split; [|split].
  - apply Rle_trans with (U (fit_capped n b raw_q) l'); [|apply H2, fit_capped_feasible, B].
    change (U (fit_capped n b raw_q) l') with (payoff n g s (shrunk n b q) l').
    rewrite payoff_shrunk_design. fold spent. fold f. apply Rmult_le_compat_l.
    + unfold f. destruct (Rlt_dec b spent); [|lra]. apply (ratio_between b spent). lra.
    + rewrite payoff_split. apply Rplus_le_compat_l, Ropp_le_contravar.
      apply loss_by_threshold; auto. intros i Hi. apply Rmult_le_pos; [apply Bq|apply Ns]; auto.
  - eapply Rle_trans; [exact Up|]. apply Rplus_le_compat.
    + apply payoff_le_by_level; [exact L|split; auto].
    + apply Rmult_le_compat_l; auto. apply sum_le. intros i Hi. specialize (Q1 i Hi).
      assert (0 <= s i * l i) by (apply Rmult_le_pos; [apply Ns|apply Bl]; auto).
      rewrite <- (Rmult_1_l (s i * l i)) at 2. apply Rmult_le_compat_r; lra.
  - destruct T as (T & _), Mo as (Mo & _). set (x := top + back * most).
    assert (X : U q' l + back * sum n (fun i => q' i * (s i * l i)) <= x * sum n q').
    { unfold U, payoff. rewrite <- !sum_scal, <- sum_plus. apply sum_le. intros i Hi.
      specialize (T i Hi). specialize (Mo i Hi). specialize (Q1 i Hi).
      replace (q' i * (g i - s i * l i) + back * (q' i * (s i * l i)))
        with (q' i * (g i - s i * l i + back * (s i * l i))) by ring.
      rewrite (Rmult_comm x). apply Rmult_le_compat_l; [lra|]. unfold x.
      apply Rplus_le_compat; auto. apply Rmult_le_compat_l; auto. }
    assert (S1 : 0 <= sum n q') by (apply sum_nonneg; intros; apply Q1; auto).
    apply Rle_trans with (x * sum n q'); [lra|]. apply Rle_trans with (pos x * sum n q').
    + apply Rmult_le_compat_r; [auto|apply le_pos].
    + rewrite Rmult_comm. apply Rmult_le_compat_r; [apply pos_nonneg|exact Q2].
Qed.
