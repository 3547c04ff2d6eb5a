(* Farkas' lemma by the elimination of Fourier and Motzkin: a list of linear inequalities has a
   solution, or a combination of them with weights >= 0 says 0 <= b for some b < 0. *)
Require Import Reals Lra Lia List Bool Arith.
From Radsim Require Import Statements Sums.
Import ListNotations.
Open Scope R_scope.

(* An inequality: coefficients and the bound. *)
Definition row : Type := ((nat -> R) * R)%type.
Definition dot (n : nat) (a x : nat -> R) : R := sum n (fun i => a i * x i).
Definition solves (n : nat) (x : nat -> R) (rows : list row) : Prop :=
  forall r, In r rows -> dot n (fst r) x <= snd r.

Inductive combined (rows : list row) : (nat -> R) -> R -> Prop :=
| no_row : combined rows (fun _ => 0) 0
| one_row r : In r rows -> combined rows (fst r) (snd r)
| added a b a' b' : combined rows a b -> combined rows a' b' ->
    combined rows (fun i => a i + a' i) (b + b')
| times t a b : 0 <= t -> combined rows a b -> combined rows (fun i => t * a i) (t * b).

Lemma combined_again rows rows' a b :
  (forall r, In r rows' -> combined rows (fst r) (snd r)) ->
  combined rows' a b -> combined rows a b.
Proof. intros C D. induction D; [apply no_row|auto|apply added; auto|apply times; auto]. Qed.

Lemma combined_without rows a b n : (forall r, In r rows -> fst r n = 0) ->
  combined rows a b -> a n = 0.
Proof.
  intros Z C. induction C; auto.
  - rewrite IHC1, IHC2. lra.
  - rewrite IHC. lra.
Qed.

(* --------------------------------------------------------------------- one variable at a time *)

Definition holds (P : Prop) (d : {P} + {~ P}) : bool := if d then true else false.
Lemma holds_true P d : holds P d = true <-> P.
Proof. unfold holds. destruct d; split; intros; auto; discriminate. Qed.

Definition upper_rows n (rows : list row) : list row :=
  filter (fun r => holds _ (Rlt_dec 0 (fst r n))) rows.
Definition lower_rows n (rows : list row) : list row :=
  filter (fun r => holds _ (Rlt_dec (fst r n) 0)) rows.
Definition free_rows n (rows : list row) : list row :=
  filter (fun r => holds _ (Req_EM_T (fst r n) 0)) rows.
(* p bounds variable n from above, q from below: together they bound it no more. *)
Definition joined n (p q : row) : row :=
  (fun i => - fst q n * fst p i + fst p n * fst q i, - fst q n * snd p + fst p n * snd q).
Definition eliminated n (rows : list row) : list row :=
  free_rows n rows
  ++ flat_map (fun p => map (joined n p) (lower_rows n rows)) (upper_rows n rows).

Lemma in_eliminated n rows r : In r (eliminated n rows) <->
  (In r rows /\ fst r n = 0) \/ exists p q, In p rows /\ 0 < fst p n /\ In q rows /\ fst q n < 0
    /\ r = joined n p q.
Proof.
  unfold eliminated, free_rows, upper_rows, lower_rows. rewrite in_app_iff, filter_In, holds_true.
  split; (intros [A|A]; [left; exact A|right]).
  - apply in_flat_map in A. destruct A as (p & P & A). apply in_map_iff in A.
    destruct A as (q & <- & B). apply filter_In in P. apply filter_In in B.
    rewrite holds_true in P, B. exists p, q. tauto.
  - destruct A as (p & q & P1 & P2 & B1 & B2 & ->). apply in_flat_map. exists p.
    rewrite filter_In, holds_true. split; auto. apply in_map. rewrite filter_In, holds_true. auto.
Qed.

Lemma eliminated_combined n rows r : In r (eliminated n rows) ->
  combined rows (fst r) (snd r) /\ fst r n = 0.
Proof.
  intros H. apply in_eliminated in H.
  destruct H as [(A & Z)|(p & q & A & P & B & N & ->)]; [split; auto; apply one_row; auto|].
  unfold joined. cbn [fst snd]. split; [|ring].
  apply (added rows (fun i => - fst q n * fst p i) _ (fun i => fst p n * fst q i));
    apply times; try lra; apply one_row; auto.
Qed.

Lemma between (lows highs : list R) : (forall a b, In a lows -> In b highs -> a <= b) ->
  exists t, (forall a, In a lows -> a <= t) /\ (forall b, In b highs -> t <= b).
Proof.
  intros H. induction lows as [|a lows IH].
  - induction highs as [|b highs IH]; [exists 0; split; intros ? []|].
    destruct IH as (t & _ & T). { intros ? ? []. }
    exists (Rmin b t). split; [intros ? []|]. intros x [<-|X]; [apply Rmin_l|].
    eapply Rle_trans; [apply Rmin_r|auto].
  - destruct IH as (t & T1 & T2). { intros. apply H; simpl; auto. }
    exists (Rmax a t). split.
    + intros x [<-|X]; [apply Rmax_l|]. eapply Rle_trans; [|apply Rmax_r]. auto.
    + intros b B. apply Rmax_lub; auto. apply H; simpl; auto.
Qed.

Definition with_last n (x : nat -> R) t (i : nat) : R := if Nat.eq_dec i n then t else x i.
Lemma dot_with_last n a x t : dot (S n) a (with_last n x t) = dot n a x + a n * t.
Proof.
  unfold dot. simpl. f_equal.
  - apply sum_ext. intros i Hi. unfold with_last. destruct (Nat.eq_dec i n); [lia|reflexivity].
  - unfold with_last. destruct (Nat.eq_dec n n); [reflexivity|congruence].
Qed.

Lemma dot_joined n p q x : dot n (fst (joined n p q)) x
  = - fst q n * dot n (fst p) x + fst p n * dot n (fst q) x.
Proof.
  unfold dot, joined. cbn [fst]. rewrite <- !sum_scal, <- sum_plus. apply sum_ext. intros. ring.
Qed.

Lemma quotient_between c d u v : 0 < c -> d < 0 -> 0 <= - d * u + c * v -> v / d <= u / c.
Proof.
  intros C D H. apply (Rmult_le_reg_l c); auto. apply (Rmult_le_reg_l (- d)); [lra|].
  replace (- d * (c * (v / d))) with (- (c * v)) by (field; lra).
  replace (- d * (c * (u / c))) with (- d * u) by (field; lra). lra.
Qed.

(* What x leaves for variable n in a row. *)
Definition room n x (r : row) : R := (snd r - dot n (fst r) x) / fst r n.

Lemma extended n rows x : solves n x (eliminated n rows) ->
  exists t, solves (S n) (with_last n x t) rows.
Proof.
  intros E.
  destruct (between (map (room n x) (lower_rows n rows)) (map (room n x) (upper_rows n rows)))
    as (t & T1 & T2).
  - intros ? ? A B. apply in_map_iff in A. apply in_map_iff in B.
    destruct A as (q & <- & A). destruct B as (p & <- & B).
    apply filter_In in A. apply filter_In in B. rewrite holds_true in A, B.
    assert (J : dot n (fst (joined n p q)) x <= snd (joined n p q)).
    { apply E, in_eliminated. right. exists p, q. tauto. }
    rewrite dot_joined in J. unfold joined in J. cbn [snd] in J.
    apply quotient_between; try tauto. lra.
  - exists t. intros r H. rewrite dot_with_last.
    destruct (Rtotal_order (fst r n) 0) as [N|[Z|P]].
    + assert (B : room n x r <= t).
      { apply T1, in_map, filter_In. rewrite holds_true. auto. }
      assert (F : snd r - dot n (fst r) x = fst r n * room n x r) by (unfold room; field; lra).
      assert (fst r n * t <= fst r n * room n x r) by (apply Rmult_le_compat_neg_l; lra). lra.
    + rewrite Z. assert (A : dot n (fst r) x <= snd r) by (apply E, in_eliminated; auto). lra.
    + assert (B : t <= room n x r).
      { apply T2, in_map, filter_In. rewrite holds_true. auto. }
      assert (F : snd r - dot n (fst r) x = fst r n * room n x r) by (unfold room; field; lra).
      assert (fst r n * t <= fst r n * room n x r) by (apply Rmult_le_compat_l; lra). lra.
Qed.

Lemma farkas_rows n : forall rows, (exists x, solves n x rows)
  \/ exists a b, combined rows a b /\ b < 0 /\ forall i, (i < n)%nat -> a i = 0.
Proof.
  induction n; intros rows.
  - induction rows as [|r rows IH]; [left; exists (fun _ => 0); intros ? []|].
    destruct (Rlt_le_dec (snd r) 0) as [N|P].
    + right. exists (fst r), (snd r). split; [apply one_row; simpl; auto|]. split; auto. lia.
    + destruct IH as [(x & X)|(a & b & C & B & A)].
      * left. exists x. intros r' [<-|H]; [unfold dot; simpl; lra|apply X, H].
      * right. exists a, b. split; auto. apply (combined_again _ rows); auto.
        intros. apply one_row. simpl. auto.
  - destruct (IHn (eliminated n rows)) as [(x & X)|(a & b & C & B & A)].
    + left. destruct (extended n rows x X) as (t & T). eexists. exact T.
    + right. exists a, b. split; [|split; auto].
      * apply (combined_again _ (eliminated n rows)); auto. intros.
        apply (eliminated_combined n). auto.
      * intros i Hi. destruct (Nat.eq_dec i n) as [->|]; [|apply A; lia].
        apply (combined_without (eliminated n rows) a b); auto. intros.
        apply (eliminated_combined n rows). auto.
Qed.

(* ------------------------------------------------------------- combinations as weighted sums *)

Definition family (k : nat) (A : nat -> nat -> R) (d : nat -> R) : list row :=
  map (fun j => (A j, d j)) (seq 0 k).

Lemma solves_family n x k A d : solves n x (family k A d) <->
  forall j, (j < k)%nat -> dot n (A j) x <= d j.
Proof.
  unfold solves, family. split.
  - intros H j Hj. apply (H (A j, d j)), in_map_iff. exists j. rewrite in_seq. split; auto. lia.
  - intros H r E. apply in_map_iff in E. destruct E as (j & <- & E). apply in_seq in E.
    apply H. lia.
Qed.

Lemma combined_family k A d a b : combined (family k A d) a b -> exists y, nonneg k y
  /\ (forall i, a i = sum k (fun j => y j * A j i)) /\ b = sum k (fun j => y j * d j).
Proof.
  intros C. induction C as [|r H|a b a' b' _ (y & Y & Ea & Eb) _ (z & Z & Ea' & Eb')
    |t a b T _ (y & Y & Ea & Eb)].
  - exists (fun _ => 0). split; [intros ? ?; lra|].
    split; [intros i|]; symmetry; apply sum_zero; intros; ring.
  - apply in_map_iff in H. destruct H as (j & <- & H). apply in_seq in H.
    exists (unit_vector j). cbn [fst snd]. split.
    + intros i _. unfold unit_vector. destruct (Nat.eq_dec i j); lra.
    + split; [intros i|]; symmetry.
      * apply (sum_unit_vector_times k j (fun j => A j i)). lia.
      * apply sum_unit_vector_times. lia.
  - exists (fun j => y j + z j). split.
    + intros j Hj. specialize (Y j Hj). specialize (Z j Hj). lra.
    + split; [intros i; rewrite Ea, Ea'|rewrite Eb, Eb']; rewrite <- sum_plus; apply sum_ext;
        intros; ring.
  - exists (fun j => t * y j). split.
    + intros j Hj. apply Rmult_le_pos; auto.
    + split; [intros i; rewrite Ea|rewrite Eb]; rewrite <- sum_scal; apply sum_ext; intros; ring.
Qed.

Lemma solves_app n x rows rows' : solves n x (rows ++ rows') <->
  solves n x rows /\ solves n x rows'.
Proof.
  unfold solves. split.
  - intros H. split; intros r E; apply H, in_app_iff; auto.
  - intros (A & B) r E. apply in_app_iff in E. destruct E; auto.
Qed.

Lemma combined_app rows rows' a b : combined (rows ++ rows') a b ->
  exists c d c' d', combined rows c d /\ combined rows' c' d'
    /\ (forall i, a i = c i + c' i) /\ b = d + d'.
Proof.
  intros C. induction C as [|r H|a b a' b' _ (c & d & c' & d' & C1 & C2 & E1 & E2)
    _ (e & f & e' & f' & D1 & D2 & F1 & F2)|t a b T _ (c & d & c' & d' & C1 & C2 & E1 & E2)].
  - exists (fun _ => 0), 0, (fun _ => 0), 0. repeat split; try apply no_row; intros; ring.
  - apply in_app_iff in H. destruct H as [H|H].
    + exists (fst r), (snd r), (fun _ => 0), 0.
      split; [apply one_row; auto|]. split; [apply no_row|]. split; intros; ring.
    + exists (fun _ => 0), 0, (fst r), (snd r).
      split; [apply no_row|]. split; [apply one_row; auto|]. split; intros; ring.
  - exists (fun i => c i + e i), (d + f), (fun i => c' i + e' i), (d' + f').
    split; [apply added; auto|]. split; [apply added; auto|].
    split; [intros; rewrite E1, F1|rewrite E2, F2]; ring.
  - exists (fun i => t * c i), (t * d), (fun i => t * c' i), (t * d').
    split; [apply times; auto|]. split; [apply times; auto|].
    split; [intros; rewrite E1|rewrite E2]; ring.
Qed.
