(* Certificates of regret and competitive ratio: a design, and a law of benchmarks and mistakes. *)
Require Import Reals Lra Lia List.
From Radsim Require Import Statements DualStatements Sums Laws Certificates.
Open Scope R_scope.

Lemma mean_le A P f f' : every_atom A P -> (forall i z, P i z -> f i z <= f' i z) ->
  mean A f <= mean A f'.
Proof.
  intros E L. induction A as [|(w & i & z) A IH]; simpl; [lra|].
  destruct (E w i z) as (W & Pi); [left; reflexivity|]. apply Rplus_le_compat.
  - apply Rmult_le_compat_l; auto.
  - apply IH. intros w' i' z' H. apply E. right. exact H.
Qed.

Definition atom n m (i : nat) (l : nat -> R) : Prop := (i < n)%nat /\ marked n m l.

Lemma joint_atoms n m A : joint n m A -> every_atom A (atom n m).
Proof. intros (J & _) w i l H. apply J in H. destruct H as (W & Hi & M). split; [|split]; auto. Qed.

(* No design earns more than top against the law. *)
Lemma mean_payoff n m g s p A top : joint n m A -> forced n 1 p ->
  (forall k, (k < n)%nat -> mean A (fun _ l => g k - s k * l k) <= top) ->
  mean A (fun _ l => payoff n g s p l) <= top.
Proof.
  intros J (N & T) H. unfold payoff. rewrite (mean_sum A n (fun k _ l => p k * (g k - s k * l k))).
  apply Rle_trans with (sum n (fun k => top * p k)); [|rewrite sum_scal, T; lra].
  apply sum_le. intros k Hk. rewrite (mean_scal A (p k) (fun _ l => g k - s k * l k)).
  rewrite (Rmult_comm top). apply Rmult_le_compat_l; auto.
Qed.

(* The best point in hindsight pays what the benchmark does, or more. *)
Lemma benchmark_below n g s i l : (i < n)%nat ->
  exists b, hindsight n g s l b /\ g i - s i * l i <= b.
Proof.
  intros Hi. destruct (greatest_exists n (fun k => g k - s k * l k)) as (b & B); [lia|].
  exists b. split; auto. destruct B as (B & _). apply (B i Hi).
Qed.

Lemma certificate_regret : certificate_regret_statement.
Proof.
  intros n m g s p A top hi x v d J F T H ((p' & F' & X1) & X2) lo.
  assert (W : lo <= x <= hi).
  { split.
    - assert (B : mean A (fun i l => g i - s i * l i)
        <= mean A (fun i l => payoff n g s p' l + x * 1)).
      { apply (mean_le A (atom n m)); [apply joint_atoms, J|]. intros i l (Hi & M).
        destruct (benchmark_below n g s i l Hi) as (b & B & L). specialize (X1 l b M B). lra. }
      rewrite mean_plus, (mean_scal A x (fun _ _ => 1)) in B. destruct (J) as (_ & E).
      rewrite E in B.
      assert (P := mean_payoff n m g s p' A top J F' T). unfold lo. lra.
    - destruct (X2 p F) as (l & b & M & B & L). specialize (H l b M B). lra. }
  split; auto. apply accepted_right, W.
Qed.

Lemma certificate_ratio : certificate_ratio_statement.
Proof.
  intros n m g s p A top lo x v d J F T0 T H B P ((p' & F' & X1) & X2).
  assert (W : lo <= x <= top / B).
  { split.
    - destruct (X2 p F) as (l & b & M & Hb & _ & L). destruct (H l b M Hb). lra.
    - assert (T1 := div_nonneg top B T0 P). destruct (Rle_dec x 0) as [N|N]; [lra|].
      assert (L : mean A (fun i l => x * (g i - s i * l i))
        <= mean A (fun i l => payoff n g s p' l)).
      { apply (mean_le A (atom n m)); [apply joint_atoms, J|]. intros i l (Hi & M).
        destruct (benchmark_below n g s i l Hi) as (b & Hb & L).
        destruct (X1 l b M Hb) as (Pb & R1).
        apply Rle_trans with (x * b); [apply Rmult_le_compat_l; lra|].
        replace (payoff n g s p' l) with (payoff n g s p' l / b * b) by (field; lra).
        apply Rmult_le_compat_r; lra. }
      rewrite mean_scal in L. fold B in L. assert (P' := mean_payoff n m g s p' A top J F' T).
      replace x with (x * B / B) by (field; lra). apply div_le_compat; lra. }
  split; auto. apply accepted_right, W.
Qed.
