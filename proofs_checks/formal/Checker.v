(* The checker is sound: what it accepts is a saddle point of the capped game. *)
Require Import Reals Lra Lia Bool QArith Qreals List.
From Radsim Require Import Statements Sums Levels Prices Capped.
Open Scope R_scope.

Lemma qsum_real n f : Q2R (qsum n f) = sum n (fun i => Q2R (f i)).
Proof.
  induction n; cbn [qsum sum]; [unfold Q2R; simpl; lra|].
  rewrite (Qeq_eqR _ _ (Qred_correct _)), Q2R_plus, IHn. reflexivity.
Qed.

Lemma qpos_real x : Q2R (qpos x) = pos (Q2R x).
Proof.
  assert (Z : Q2R 0 = 0) by (unfold Q2R; simpl; lra). unfold qpos.
  destruct (Qle_bool 0 x) eqn:E.
  - apply Qle_bool_iff, Qle_Rle in E. rewrite pos_of_nonneg; lra.
  - rewrite Z, pos_of_nonpos; auto. destruct (Qlt_le_dec x 0) as [L|L].
    + apply Qlt_Rlt in L. lra.
    + apply Qle_bool_iff in L. congruence.
Qed.

Lemma every_true n p : every n p = true -> forall i, (i < n)%nat -> p i = true.
Proof.
  induction n; simpl; intros E i Hi; [lia|]. apply andb_true_iff in E. destruct E as (A & B).
  destruct (Nat.eq_dec i n) as [->|]; auto. apply IHn; auto. lia.
Qed.

Lemma probabilities_real n f : every n (probability f) = true -> unit_box n (real f).
Proof.
  intros E i Hi. apply (every_true n _ E) in Hi. apply andb_true_iff in Hi. destruct Hi as (A & B).
  apply Qle_bool_iff, Qle_Rle in A. apply Qle_bool_iff, Qle_Rle in B.
  replace (Q2R 0) with 0 in A by (unfold Q2R; simpl; lra).
  replace (Q2R 1) with 1 in B by (unfold Q2R; simpl; lra). split; auto.
Qed.

Lemma check_sound : check_sound_statement.
Proof.
  intros g h m b q l lam tau v E n. unfold check in E.
  repeat (apply andb_true_iff in E; let A := fresh "A" in destruct E as (E & A)).
  apply probabilities_real in E. apply probabilities_real in A4.
  apply Qle_bool_iff, Qle_Rle in A5. apply Qle_bool_iff, Qle_Rle in A3.
  apply Qle_bool_iff, Qle_Rle in A2. apply Qle_bool_iff, Qle_Rle in A1.
  apply Qle_bool_iff, Qle_Rle in A0. apply Qle_bool_iff, Qle_Rle in A.
  rewrite qsum_real in A5, A3. rewrite Q2R_minus, Q2R_mult, qsum_real in A0.
  rewrite Q2R_plus, Q2R_mult, qsum_real in A.
  replace (Q2R 0) with 0 in A1, A2 by (unfold Q2R; simpl; lra). fold n in E, A0, A, A3, A4, A5.
  set (s := stake (real g) (real h)) in *.
  rewrite (sum_ext n _ (fun i => real q i * real g i - pos (real q i * s i - Q2R tau))) in A0.
  2:{ intros i Hi. rewrite Q2R_minus, qpos_real, Q2R_minus, !Q2R_mult, Q2R_plus. reflexivity. }
  rewrite (sum_ext n _ (fun i => pos (real g i - s i * real l i - Q2R lam))) in A.
  2:{ intros i Hi. rewrite qpos_real, !Q2R_minus, Q2R_mult, Q2R_plus. reflexivity. }
  split; [split; auto|]. split; [split; auto|]. split.
  - intros l' (L1 & L2). eapply Rle_trans; [exact A0|].
    eapply Rle_trans; [|apply (payoff_ge_by_threshold n (real g) s (fun _ => 1) (Q2R m) (Q2R tau));
      auto].
    + rewrite sum_minus. rewrite (sum_ext n (fun i => pos (real q i * s i - Q2R tau) * 1)
        (fun i => pos (real q i * s i - Q2R tau))) by (intros; ring). lra.
    + intros i Hi. apply E. auto.
    + split; auto.
  - intros q' Hq'. eapply Rle_trans; [|exact A]. apply payoff_le_by_level; auto.
Qed.
