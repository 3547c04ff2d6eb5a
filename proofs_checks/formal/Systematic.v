(* Systematic sampling, and that samples with any inclusion probabilities exist: S1. *)
Require Import Reals Lra Lia List.
From Radsim Require Import Statements Sums SampleStatements Designs.
Import ListNotations.
Open Scope R_scope.

(* ------------------------------------------------------------------------------ marks *)

Lemma parts e : IZR (Int_part e) + frac_part e = e /\ 0 <= frac_part e < 1.
Proof. unfold frac_part. destruct (base_Int_part e). split; lra. Qed.

(* How many marks there are is the whole number in [e - u, e - u + 1). *)
Lemma marks_between e u : 0 <= u < 1 ->
  exists k, marks e u = IZR k /\ e - u <= IZR k < e - u + 1.
Proof.
  intros U. destruct (parts e) as (E & F). unfold marks.
  destruct (Rlt_dec u (frac_part e)).
  - exists (Int_part e + 1)%Z. rewrite plus_IZR. split; lra.
  - exists (Int_part e). split; lra.
Qed.

Lemma marks_zero u : 0 <= u < 1 -> marks 0 u = 0.
Proof.
  intros U. destruct (marks_between 0 u U) as (k & -> & K).
  assert (Q : (-1 < k < 1)%Z) by (split; apply lt_IZR; lra).
  replace k with 0%Z by lia. reflexivity.
Qed.

Lemma marks_step e e' u : 0 <= u < 1 -> 0 <= e' - e <= 1 ->
  marks e' u - marks e u = 0 \/ marks e' u - marks e u = 1.
Proof.
  intros U E. destruct (marks_between e u U) as (k & -> & K).
  destruct (marks_between e' u U) as (k' & -> & K').
  assert (Q : (k - 1 < k' < k + 2)%Z).
  { split; apply lt_IZR; [rewrite minus_IZR|rewrite plus_IZR]; lra. }
  assert (D : (k' = k \/ k' = k + 1)%Z) by lia.
  destruct D as [->| ->]; [left|right; rewrite plus_IZR]; lra.
Qed.

Lemma sum_taken n q u : 0 <= u < 1 -> sum n (taken q u) = marks (sum n q) u.
Proof.
  intros U. induction n; [simpl; rewrite marks_zero; auto|].
  simpl sum at 1. rewrite IHn. unfold taken. lra.
Qed.

Lemma sum_of_01 n z : (forall i, (i < n)%nat -> z i = 0 \/ z i = 1) ->
  exists k, sum n z = INR k.
Proof.
  induction n; intros Z; [exists O; reflexivity|].
  destruct IHn as (k & E); [auto with arith|]. simpl. rewrite E.
  destruct (Z n) as [->| ->]; [lia| |]; [exists k; lra|exists (S k); rewrite S_INR; reflexivity].
Qed.

(* Two whole numbers less than one apart are the same. *)
Lemma sized_of_near n q D : surely D (fun z => forall i, (i < n)%nat -> z i = 0 \/ z i = 1) ->
  surely D (fun z => Rabs (sum n z - sum n q) < 1) -> sized n q D.
Proof.
  intros B N. split; [exact N|]. intros k E w z H W.
  assert (A := N w z H W). destruct (sum_of_01 n z (B w z H W)) as (j & J). simpl in A.
  rewrite E, J in A. apply Rabs_def2 in A. rewrite J. f_equal.
  rewrite !INR_IZR_INZ in A. assert (Q : (Z.of_nat k - 1 < Z.of_nat j < Z.of_nat k + 1)%Z).
  { split; apply lt_IZR; [rewrite minus_IZR|rewrite plus_IZR]; lra. }
  lia.
Qed.

(* ------------------------------------------------------------------------------ pieces *)

Lemma in_cut c pieces a b : In (a, b) (cut c pieces) ->
  exists a' b', In (a', b') pieces /\ a' <= a /\ b <= b' /\ (a' < b' -> a < b)
    /\ (a' < b' -> b <= c \/ c <= a).
Proof.
  induction pieces as [|(x & y) rest IH]; simpl; [intros []|]. intros H.
  assert (Old : In (a, b) (cut c rest) -> exists a' b', ((x, y) = (a', b') \/ In (a', b') rest)
    /\ a' <= a /\ b <= b' /\ (a' < b' -> a < b) /\ (a' < b' -> b <= c \/ c <= a)).
  { intros Q. destruct (IH Q) as (a' & b' & Q1 & Q2). exists a', b'. auto. }
  destruct (Rlt_dec x c); [destruct (Rlt_dec c y)|].
  - destruct H as [H|[H|H]]; auto; inversion H; subst.
    + exists a, y. repeat split; auto; try (left; reflexivity); lra.
    + exists x, b. repeat split; auto; try (right; lra); lra.
  - destruct H as [H|H]; auto. inversion H; subst. exists a, b. repeat split; auto; try lra.
  - destruct H as [H|H]; auto. inversion H; subst. exists a, b. repeat split; auto; try lra.
Qed.

Lemma cut_covers c pieces a b u : In (a, b) pieces -> a <= u < b ->
  exists a' b', In (a', b') (cut c pieces) /\ a' <= u < b'.
Proof.
  induction pieces as [|(x & y) rest IH]; simpl; [intros []|]. intros [H|H] U.
  - inversion H; subst. destruct (Rlt_dec a c); [destruct (Rlt_dec c b)|].
    + destruct (Rlt_dec u c); [exists a, c|exists c, b]; simpl; split; auto; lra.
    + exists a, b. simpl. auto.
    + exists a, b. simpl. auto.
  - destruct (IH H U) as (a' & b' & Q & V). exists a', b'. split; [|exact V].
    destruct (Rlt_dec x c); [destruct (Rlt_dec c y)|]; simpl; auto.
Qed.

(* Sums of f b - f a over the pieces. *)
Definition steps (f : R -> R) (pieces : list (R * R)) : R :=
  fold_right (fun ab x => f (snd ab) - f (fst ab) + x) 0 pieces.

Lemma steps_cut f c pieces : steps f (cut c pieces) = steps f pieces.
Proof.
  induction pieces as [|(x & y) rest IH]; simpl; [reflexivity|].
  destruct (Rlt_dec x c); [destruct (Rlt_dec c y)|]; simpl; rewrite IH; lra.
Qed.

Lemma steps_starts f n q : steps f (starts n q) = f 1 - f 0.
Proof. induction n; simpl; [lra|]. rewrite steps_cut. exact IHn. Qed.

Lemma starts_within n q a b : In (a, b) (starts n q) -> 0 <= a < b /\ b <= 1.
Proof.
  revert a b. induction n; simpl; intros a b H.
  - destruct H as [H|[]]. inversion H. lra.
  - apply in_cut in H. destruct H as (a' & b' & H & H1 & H2 & H3 & _).
    apply IHn in H. lra.
Qed.

Lemma starts_cover n q u : 0 <= u < 1 -> exists a b, In (a, b) (starts n q) /\ a <= u < b.
Proof.
  intros U. induction n; simpl; [exists 0, 1; auto|].
  destruct IHn as (a & b & H & V). eapply cut_covers; eauto.
Qed.

(* No fractional part of an end lies inside a piece. *)
Lemma starts_cut_there n q a b i : In (a, b) (starts n q) -> (i <= n)%nat ->
  let c := frac_part (sum i q) in b <= c \/ c <= a.
Proof.
  revert a b. induction n; intros a b H Hi c.
  - assert (i = O) as -> by lia. right. unfold c. cbn [sum]. rewrite fp_R0.
    apply (starts_within 0 q a b H).
  - simpl starts in H. apply in_cut in H. destruct H as (a' & b' & H & H1 & H2 & H3 & H4).
    assert (W := starts_within n q a' b' H).
    destruct (Nat.eq_dec i (S n)) as [E|N].
    + subst i. apply H4. lra.
    + destruct (IHn a' b' H) as [Q|Q]; [lia|left|right]; unfold c in *; lra.
Qed.

Lemma marks_same n q a b u i : In (a, b) (starts n q) -> a <= u < b -> (i <= n)%nat ->
  marks (sum i q) u = marks (sum i q) a.
Proof.
  intros H U Hi. assert (C := starts_cut_there n q a b i H Hi). simpl in C. unfold marks.
  destruct (Rlt_dec u (frac_part (sum i q))), (Rlt_dec a (frac_part (sum i q))); lra.
Qed.

Lemma taken_same n q a b u i : In (a, b) (starts n q) -> a <= u < b -> (i < n)%nat ->
  taken q u i = taken q a i.
Proof. intros H U Hi. unfold taken. rewrite !(marks_same n q a b u); auto; lia. Qed.

(* ------------------------------------------------------------------------------ the design *)

Lemma expectation_of_starts n q (f : R -> sample -> R) (F : R -> R) :
  (forall a b, In (a, b) (starts n q) -> (b - a) * f a (taken q a) = F b - F a) ->
  fold_right (fun ab x => (snd ab - fst ab) * f (fst ab) (taken q (fst ab)) + x) 0 (starts n q)
  = F 1 - F 0.
Proof.
  intros E. rewrite <- (steps_starts F n q). revert E. generalize (starts n q).
  induction l as [|(a & b) l IH]; simpl; intros E; [reflexivity|].
  rewrite E by auto. rewrite IH; auto.
Qed.

Lemma expectation_systematic n q f : expectation (systematic n q) f
  = fold_right (fun ab x => (snd ab - fst ab) * f (taken q (fst ab)) + x) 0 (starts n q).
Proof.
  unfold systematic. induction (starts n q) as [|(a & b) l IH]; simpl; [reflexivity|].
  rewrite IH. reflexivity.
Qed.

(* The mean number of marks before an end is the end itself. *)
Lemma mean_marks n q i : (i <= n)%nat ->
  fold_right (fun ab x => (snd ab - fst ab) * marks (sum i q) (fst ab) + x) 0 (starts n q)
  = sum i q.
Proof.
  intros Hi. set (c := frac_part (sum i q)).
  destruct (parts (sum i q)) as (E & P). fold c in E, P.
  rewrite (expectation_of_starts n q (fun a _ => marks (sum i q) a)
             (fun x => IZR (Int_part (sum i q)) * x + Rmin x c)).
  - rewrite Rmin_right by lra. rewrite Rmin_left by lra. lra.
  - intros a b H. assert (C := starts_cut_there n q a b i H Hi). simpl in C. fold c in C.
    assert (W := starts_within n q a b H). unfold marks. fold c.
    destruct C as [C|C].
    + rewrite !Rmin_left by lra. destruct (Rlt_dec a c); lra.
    + rewrite !Rmin_right by lra. destruct (Rlt_dec a c); lra.
Qed.

Lemma systematic_includes n q : includes n q (systematic n q).
Proof.
  intros i Hi. rewrite expectation_systematic.
  assert (A := mean_marks n q (S i) Hi). assert (B := mean_marks n q i (Nat.lt_le_incl _ _ Hi)).
  apply (Rplus_eq_reg_r (sum i q)). rewrite <- B at 1. change (q i + sum i q) with (q i + sum i q).
  replace (q i + sum i q) with (sum (S i) q) by (simpl; ring). rewrite <- A.
  clear. generalize (starts n q). induction l as [|(a & b) l IH]; simpl; [lra|].
  unfold taken in *. simpl in *. lra.
Qed.

Lemma systematic_proper n q : proper (systematic n q).
Proof.
  split.
  - intros w z H. apply in_map_iff in H. destruct H as ((a & b) & E & H). inversion E; subst.
    simpl. apply starts_within in H. lra.
  - rewrite expectation_systematic.
    rewrite (expectation_of_starts n q (fun _ _ => 1) (fun x => x)); intros; ring.
Qed.

Lemma S1_systematic : S1_systematic_statement.
Proof.
  intros n q U.
  assert (B : surely (systematic n q) (fun z => forall i, (i < n)%nat -> z i = 0 \/ z i = 1)).
  { intros w z H _ i Hi. apply in_map_iff in H. destruct H as ((a & b) & E & H).
    inversion E; subst. simpl. apply starts_within in H. apply marks_step; [lra|].
    specialize (U i Hi). simpl. lra. }
  split; [exact (starts_within n q)|]. split; [exact (starts_cover n q)|].
  split; [exact (taken_same n q)|]. split; [split; [|split]|].
  - apply systematic_proper.
  - exact B.
  - apply systematic_includes.
  - apply sized_of_near; [exact B|]. intros w z H _. apply in_map_iff in H.
    destruct H as ((a & b) & E & H). inversion E; subst. simpl. apply starts_within in H.
    rewrite sum_taken by lra. destruct (marks_between (sum n q) a) as (k & -> & K); [lra|].
    apply Rabs_def1; lra.
Qed.

Lemma S1_existence : S1_existence_statement.
Proof. intros n q U. exists (systematic n q). apply (S1_systematic n q U). Qed.
