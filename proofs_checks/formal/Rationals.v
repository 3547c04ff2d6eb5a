(* The checker over the rationals: no real number, and no axiom. *)
Require Import QArith Lqa Lia Bool List.
From Radsim Require Import Statements DualStatements.
Open Scope Q_scope.

Lemma qsum_step n f : qsum (S n) f == qsum n f + f n.
Proof. apply Qred_correct. Qed.

Lemma qsum_le n f g : (forall i, (i < n)%nat -> f i <= g i) -> qsum n f <= qsum n g.
Proof.
  induction n; intros L; [apply Qle_refl|]. rewrite !qsum_step.
  apply Qplus_le_compat; [apply IHn; intros; apply L; lia|apply L; lia].
Qed.

Lemma qsum_moved n f t g : qsum n (fun i => f i + t * g i) == qsum n f + t * qsum n g.
Proof. induction n; [simpl; ring|]. rewrite !qsum_step, IHn. ring. Qed.

Lemma qpos_above x : 0 <= qpos x /\ x <= qpos x.
Proof.
  unfold qpos. destruct (Qle_bool 0 x) eqn:E; [apply Qle_bool_iff in E; lra|].
  destruct (Qlt_le_dec x 0) as [L|L]; [lra|]. apply Qle_bool_iff in L. congruence.
Qed.

Lemma every_holds n p : every n p = true -> forall i, (i < n)%nat -> p i = true.
Proof.
  induction n; simpl; intros E i Hi; [lia|]. apply andb_true_iff in E. destruct E as (A & B).
  destruct (Nat.eq_dec i n) as [->|]; auto. apply IHn; auto. lia.
Qed.

Lemma probabilities_capped n b f : every n (probability f) = true ->
  Qle_bool (qsum n (entry f)) b = true -> rational_capped n b (entry f).
Proof.
  intros E B. split; [|apply Qle_bool_iff, B]. intros i Hi. apply (every_holds n _ E) in Hi.
  apply andb_true_iff in Hi. rewrite !Qle_bool_iff in Hi. exact Hi.
Qed.

Lemma rational_guarantee n g s q l m tau : (forall i, (i < n)%nat -> 0 <= q i <= 1) ->
  0 <= tau -> rational_capped n m l ->
  qsum n (fun i => q i * g i - qpos (q i * s i - tau)) - tau * m <= rational_payoff n g s q l.
Proof.
  intros P T (B & M). apply Qle_trans with
    (qsum n (fun i => q i * g i - qpos (q i * s i - tau)) + - tau * qsum n l).
  - assert (0 <= tau * (m - qsum n l)) by (apply Qmult_le_0_compat; lra). lra.
  - rewrite <- qsum_moved. apply qsum_le. intros i Hi. specialize (B i Hi).
    destruct (qpos_above (q i * s i - tau)) as (X & Y).
    assert (0 <= qpos (q i * s i - tau) * (1 - l i)) by (apply Qmult_le_0_compat; lra).
    assert (0 <= (qpos (q i * s i - tau) - (q i * s i - tau)) * l i)
      by (apply Qmult_le_0_compat; lra). lra.
Qed.

Lemma rational_reply n g s q l b lam : 0 <= lam -> rational_capped n b q ->
  rational_payoff n g s q l <= b * lam + qsum n (fun i => qpos (g i - s i * l i - lam)).
Proof.
  intros T (B & M). apply Qle_trans with
    (qsum n (fun i => qpos (g i - s i * l i - lam)) + lam * qsum n q).
  - rewrite <- qsum_moved. apply qsum_le. intros i Hi. specialize (B i Hi).
    destruct (qpos_above (g i - s i * l i - lam)) as (X & Y).
    assert (0 <= qpos (g i - s i * l i - lam) * (1 - q i)) by (apply Qmult_le_0_compat; lra).
    assert (0 <= (qpos (g i - s i * l i - lam) - (g i - s i * l i - lam)) * q i)
      by (apply Qmult_le_0_compat; lra). lra.
  - assert (0 <= lam * (b - qsum n q)) by (apply Qmult_le_0_compat; lra). lra.
Qed.

Lemma check_rational : check_rational_statement.
Proof.
  intros g h m b q l lam tau v E n U. unfold check in E.
  repeat (apply andb_true_iff in E; let A := fresh "A" in destruct E as (E & A)).
  apply probabilities_capped in A5; auto. apply probabilities_capped in A3; auto.
  apply Qle_bool_iff in A2. apply Qle_bool_iff in A1. apply Qle_bool_iff in A0.
  apply Qle_bool_iff in A. fold n in A0, A, A3, A5.
  split; [exact A5|]. split; [exact A3|]. split.
  - intros l' L. eapply Qle_trans; [exact A0|]. apply rational_guarantee; auto. apply A5.
  - intros q' Hq. eapply Qle_trans; [|exact A]. apply rational_reply; auto.
Qed.
