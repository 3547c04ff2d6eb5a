(* What negative association gives: products and tails, S3. *)
Require Import Reals Lra Lia List.
From Radsim Require Import Statements Sums SampleStatements Designs Systematic Pivotal.
From Radsim Require Import Association Growth Bounds.
Import ListNotations.
Open Scope R_scope.

(* ---------------------------------------------------------------------------------- products *)

Lemma product_ext n f g : (forall i, (i < n)%nat -> f i = g i) -> product n f = product n g.
Proof. induction n; simpl; intros E; [reflexivity|]. rewrite IHn, E; auto with arith. Qed.

Lemma product_nonneg n f : (forall i, (i < n)%nat -> 0 <= f i) -> 0 <= product n f.
Proof. induction n; simpl; intros P; [lra|]. apply Rmult_le_pos; auto with arith. Qed.

Lemma product_le n f g : (forall i, (i < n)%nat -> 0 <= f i <= g i) -> product n f <= product n g.
Proof.
  induction n; simpl; intros P; [lra|]. apply Rmult_le_compat.
  - apply product_nonneg. intros i Hi. apply P. lia.
  - apply P. lia.
  - apply IHn. auto with arith.
  - apply P. lia.
Qed.

Lemma product_exp n f : product n (fun i => exp (f i)) = exp (sum n f).
Proof. induction n; simpl; [symmetry; apply exp_0|]. rewrite IHn, exp_plus. reflexivity. Qed.

Definition sign (e : R) : Prop := e = 1 \/ e = -1.
(* u i does not fall in e x; the same for a function of the points of A. *)
Definition moving (e : R) (u : R -> R) : Prop := forall x y, e * x <= e * y -> u x <= u y.
Definition moving_in (e : R) (A : nat -> bool) (f : sample -> R) : Prop :=
  forall y z, (forall i, A i = true -> e * y i <= e * z i) -> f y <= f z.

Lemma moving_covariance D e A B f g : negatively_associated D -> sign e -> disjoint A B ->
  moving_in e A f -> moving_in e B g ->
  expectation D (fun z => f z * g z) <= expectation D f * expectation D g.
Proof.
  intros N [->| ->] Dis F G.
  - apply (N A B); auto; intros y z L; [apply F|apply G]; intros i Hi; specialize (L i Hi); lra.
  - assert (Q := N A B (fun z => -1 * f z) (fun z => -1 * g z) Dis). rewrite !expectation_scal in Q.
    rewrite (expectation_ext D (fun z => f z * g z) (fun z => -1 * f z * (-1 * g z)))
      by (intros; ring).
    replace (expectation D f * expectation D g)
      with (-1 * expectation D f * (-1 * expectation D g)) by ring.
    apply Q; intros y z L; [assert (H : f z <= f y)|assert (H : g z <= g y)]; try lra;
      [apply F|apply G]; intros i Hi; specialize (L i Hi); lra.
Qed.

Lemma product_of_associated D e u k : proper D -> negatively_associated D -> sign e ->
  (forall i x, 0 <= u i x) -> (forall i, moving e (u i)) ->
  expectation D (fun z => product k (fun i => u i (z i)))
  <= product k (fun i => expectation D (fun z => u i (z i))).
Proof.
  intros P N Sg U M. induction k; simpl; [rewrite expectation_const; auto; lra|].
  eapply Rle_trans.
  - apply (moving_covariance D e (fun i => Nat.ltb i k) (fun i => Nat.eqb i k)); auto.
    + intros i Hi. apply Nat.ltb_lt in Hi. apply Nat.eqb_neq. lia.
    + intros y z L. apply product_le. intros i Hi. split; [apply U|]. apply M, L.
      apply Nat.ltb_lt. exact Hi.
    + intros y z L. apply M, L. apply Nat.eqb_refl.
  - apply Rmult_le_compat_r; [|exact IHk]. rewrite <- (expectation_const D 0 P).
    apply expectation_le_all; auto.
Qed.

(* Functions of a point that is 0 or 1. *)
Lemma expectation_of_point n q D i (u : R -> R) : exact n q D -> (i < n)%nat ->
  expectation D (fun z => u (z i)) = u 0 + (u 1 - u 0) * q i.
Proof.
  intros (P & B & Inc) Hi.
  rewrite (expectation_same D _ _ (fun z => u 0 + (u 1 - u 0) * z i) P B).
  - rewrite (expectation_plus D (fun _ => u 0)), (expectation_scal D _ (fun z => z i)).
    rewrite (expectation_const D _ P). f_equal. f_equal. apply Inc. exact Hi.
  - intros z Z. destruct (Z i Hi) as [E|E]; rewrite E; ring.
Qed.

Lemma S3_products : S3_products_statement.
Proof.
  intros n q D A Ex N. assert (P := proj1 Ex). assert (B := proj1 (proj2 Ex)).
  assert (Mp : moving 1 pos) by (intros x y L; apply pos_monotone; lra).
  assert (Mm : moving (-1) (fun x => pos (1 - x))) by (intros x y L; apply pos_monotone; lra).
  assert (Z0 : pos 0 = 0) by (apply pos_of_nonneg; lra).
  assert (Z1 : pos 1 = 1) by (apply pos_of_nonneg; lra).
  split.
  - rewrite (expectation_same D _ _
      (fun z => product n (fun i => (if A i then pos else fun _ => 1) (z i))) P B).
    2:{ intros z Z. apply product_ext. intros i Hi. destruct (A i); auto.
        destruct (Z i Hi) as [-> | ->]; auto. }
    eapply Rle_trans; [apply (product_of_associated D 1); auto|].
    + left. reflexivity.
    + intros i x. destruct (A i); [apply pos_nonneg|lra].
    + intros i. destruct (A i); auto. intros x y _. lra.
    + apply Req_le, product_ext. intros i Hi. rewrite (expectation_of_point n q) by auto.
      destruct (A i); [rewrite Z0, Z1|]; ring.
  - rewrite (expectation_same D _ _
      (fun z => product n (fun i => (if A i then fun x => pos (1 - x) else fun _ => 1) (z i))) P B).
    2:{ intros z Z. apply product_ext. intros i Hi. destruct (A i); auto.
        destruct (Z i Hi) as [-> | ->]; symmetry; apply pos_of_nonneg; lra. }
    eapply Rle_trans; [apply (product_of_associated D (-1)); auto|].
    + right. reflexivity.
    + intros i x. destruct (A i); [apply pos_nonneg|lra].
    + intros i. destruct (A i); auto. intros x y _. lra.
    + apply Req_le, product_ext. intros i Hi. rewrite (expectation_of_point n q) by auto.
      destruct (A i); [|ring]. replace (1 - 0) with 1 by ring. replace (1 - 1) with 0 by ring.
      rewrite Z0, Z1. ring.
Qed.

(* --------------------------------------------------------------- the moments of one chance *)

Lemma exp_of_inclusion p u : 0 <= p <= 1 ->
  1 + (exp u - 1) * p
  <= exp (p * u + if Rlt_dec 0 p then if Rlt_dec p 1 then u^2 / 8 else 0 else 0).
Proof.
  intros P. destruct (Rlt_dec 0 p); [destruct (Rlt_dec p 1)|].
  - replace (1 + (exp u - 1) * p) with (1 - p + p * exp u) by ring. apply two_values. exact P.
  - replace p with 1 by lra. apply Req_le. replace (1 * u + 0) with u by ring. ring.
  - replace p with 0 by lra. apply Req_le. replace (0 * u + 0) with 0 by ring. rewrite exp_0. ring.
Qed.

(* ------------------------------------------------------------------------------------ tails *)

Lemma exact_unit n q D i : exact n q D -> (i < n)%nat -> 0 <= q i <= 1.
Proof.
  intros (P & B & Inc) Hi. rewrite <- (Inc i Hi).
  assert (W := proj1 P). split.
  - rewrite <- (expectation_const D 0 P). apply (expectation_le D _ _ _ W B).
    intros z Z. destruct (Z i Hi) as [-> | ->]; lra.
  - rewrite <- (expectation_const D 1 P). apply (expectation_le D _ _ _ W B).
    intros z Z. destruct (Z i Hi) as [-> | ->]; lra.
Qed.

(* The mean of exp (- a Z). *)
Lemma exp_of_total n q D w a : exact n q D -> negatively_associated D -> 0 <= a ->
  one_signed n w ->
  expectation D (fun z => exp (- a * total n w z))
  <= exp (- a * total n w q + a^2 / 8 * sum n (fractional q (fun i => (w i)^2))).
Proof.
  intros Ex N A Sg. set (w' := fun i => if Nat.ltb i n then w i else 0).
  assert (W' : forall i, (i < n)%nat -> w' i = w i).
  { intros i Hi. unfold w'. apply Nat.ltb_lt in Hi. rewrite Hi. reflexivity. }
  assert (Mv : exists e, sign e /\ forall i, moving e (fun x => exp (- a * w' i * x))).
  { destruct Sg as [Sg|Sg]; [exists (-1)|exists 1].
    - split; [right; auto|]. intros i x y L. apply exp_le. unfold w'.
      destruct (Nat.ltb i n) eqn:E; [|lra]. apply Nat.ltb_lt in E. specialize (Sg i E).
      assert (0 <= a * w i * (x - y)) by (apply Rmult_le_pos; [apply Rmult_le_pos|]; lra). lra.
    - split; [left; auto|]. intros i x y L. apply exp_le. unfold w'.
      destruct (Nat.ltb i n) eqn:E; [|lra]. apply Nat.ltb_lt in E. specialize (Sg i E).
      simpl in Sg.
      assert (0 <= a * - w i * (y - x)) by (apply Rmult_le_pos; [apply Rmult_le_pos|]; lra). lra. }
  destruct Mv as (e & Se & Mv).
  rewrite (expectation_ext D _ (fun z => product n (fun i => exp (- a * w' i * z i)))).
  2:{ intros z. rewrite product_exp. f_equal. unfold total. rewrite <- sum_scal. apply sum_ext.
      intros i Hi. rewrite W' by auto. ring. }
  eapply Rle_trans.
  - apply (product_of_associated D e (fun i x => exp (- a * w' i * x))); auto; [apply Ex|].
    intros. apply Rlt_le, exp_pos.
  - unfold total. rewrite <- !sum_scal, <- sum_plus, <- product_exp. apply product_le.
    intros i Hi. assert (Q := exact_unit n q D i Ex Hi). split.
    + rewrite <- (expectation_const D 0 (proj1 Ex)). apply expectation_le_all; [apply Ex|].
      intros. apply Rlt_le, exp_pos.
    + rewrite (expectation_of_point n q D i (fun x => exp (- a * w' i * x)) Ex Hi).
      rewrite Rmult_0_r, Rmult_1_r, exp_0, W' by auto.
      eapply Rle_trans; [apply exp_of_inclusion; exact Q|]. apply Req_le. f_equal.
      unfold fractional. destruct (Rlt_dec 0 (q i)); [destruct (Rlt_dec (q i) 1)|]; field.
Qed.

Lemma tail_one_signed n q D w t : exact n q D -> negatively_associated D -> 0 <= t ->
  one_signed n w -> let V := sum n (fractional q (fun i => (w i)^2)) in 0 < V ->
  chance_at_most D (total n w) (total n w q - t) <= exp (- (2 * t^2 / V)).
Proof.
  intros Ex N T Sg V PV. set (a := 4 * t / V).
  assert (A : 0 <= a) by (apply div_nonneg; lra).
  assert (B := exp_of_total n q D w a Ex N A Sg). fold V in B. set (m := total n w q) in *.
  unfold chance_at_most. eapply Rle_trans.
  - apply (expectation_le_all D _ (fun z => exp (a * (m - t)) * exp (- a * total n w z)));
      [apply Ex|].
    intros z. rewrite <- exp_plus. destruct (Rle_dec (total n w z) (m - t)) as [L|L].
    + rewrite <- exp_0 at 1. assert (0 <= a * (m - t - total n w z)) by (apply Rmult_le_pos; lra).
      apply exp_le. lra.
    + apply Rlt_le, exp_pos.
  - rewrite expectation_scal. eapply Rle_trans.
    + apply Rmult_le_compat_l; [apply Rlt_le, exp_pos|exact B].
    + rewrite <- exp_plus. apply Req_le. f_equal. unfold a. field. lra.
Qed.

Lemma S3_tail : S3_tail_statement.
Proof.
  intros n q D w c t Ex N T Sg Shift V PV.
  assert (Tail := tail_one_signed n q D (fun i => w i + c) t Ex N T Sg PV). fold V in Tail.
  assert (Tot : forall z, total n (fun i => w i + c) z = total n w z + c * sum n z).
  { intros z. unfold total. rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros. ring. }
  destruct Ex as (P & B & Inc).
  assert (Same : surely D (fun z => c * sum n z = c * sum n q)).
  { destruct Shift as [->|(k & K)]; [intros v z _ _; lra|].
    assert (E : sum n q = k).
    { rewrite <- (expectation_const D k P), (expectation_same D _ _ (fun z => sum n z) P K)
        by (intros z ->; reflexivity).
      symmetry. etransitivity; [exact (expectation_sum D n (fun i (z : sample) => z i))|].
      apply sum_ext. exact Inc. }
    intros v z H W. rewrite (K v z H W), E. reflexivity. }
  eapply Rle_trans; [|exact Tail]. apply Req_le. unfold chance_at_most.
  apply (expectation_same D _ _ _ P Same). intros z E. rewrite !Tot, E.
  destruct (Rle_dec (total n w z) (total n w q - t)),
    (Rle_dec (total n w z + c * sum n q) (total n w q + c * sum n q - t)); lra.
Qed.

(* What holds for each order in the mean holds for a random one. *)
Lemma random_order n q orders f c : unit_box n q -> proper orders ->
  (forall v b, List.In (v, b) orders -> complete n b) ->
  (forall b, complete n b -> expectation (pivotal q b) f <= c) ->
  expectation (followed_by orders (pivotal q)) f <= c.
Proof.
  intros U P C Each. rewrite expectation_followed_by, <- (expectation_const orders c P).
  apply (expectation_le orders (complete n)); [apply P| |exact Each].
  intros v b H _. apply (C v b H).
Qed.

Lemma S3_pivotal : S3_pivotal_statement.
Proof.
  intros n q orders w c t U P C T Sg Shift V PV. unfold chance_at_most.
  apply (random_order n); auto. intros b Cb.
  destruct (S1_pivotal n q b U Cb) as (Ex & _ & Size).
  apply (S3_tail n q (pivotal q b) w c t); auto; [apply S3_association with n; auto|].
  destruct Shift as [->|(k & K)]; [left; reflexivity|right]. exists (INR k). apply Size. exact K.
Qed.

Lemma S3_orders : S3_orders_statement.
Proof.
  intros n q orders A U P C.
  split; apply (random_order n); auto; intros b Cb;
    apply (S3_products n q (pivotal q b) A (proj1 (S1_pivotal n q b U Cb)));
    apply S3_association with n; auto.
Qed.
