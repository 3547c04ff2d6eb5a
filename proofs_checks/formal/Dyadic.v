(* Whole numbers added up in lists, as real sums over points and over groups. *)
Require Import Reals ZArith List Bool Lra Lia.
From Radsim Require Import Statements CheckStatements Sums.
Import ListNotations.
Open Scope R_scope.

Fixpoint rtotal {A : Type} (f : A -> R) (xs : list A) : R :=
  match xs with [] => 0 | x :: rest => f x + rtotal f rest end.

Lemma fold_from {A} (f : A -> Z) xs : forall t,
  fold_left (fun t x => (t + f x)%Z) xs t = (t + total f xs)%Z.
Proof.
  unfold total. induction xs as [|x xs IH]; intros t; cbn [fold_left]; [lia|].
  rewrite IH, (IH (0 + f x)%Z). lia.
Qed.

Lemma total_cons {A} (f : A -> Z) x xs : total f (x :: xs) = (f x + total f xs)%Z.
Proof. unfold total at 1. cbn [fold_left]. rewrite fold_from. lia. Qed.

Lemma total_real {A} (f : A -> Z) xs : IZR (total f xs) = rtotal (fun x => IZR (f x)) xs.
Proof.
  induction xs as [|x xs IH]; [reflexivity|]. rewrite total_cons, plus_IZR, IH. reflexivity.
Qed.

Lemma total_nonneg {A} (f : A -> Z) xs : (forall x, In x xs -> (0 <= f x)%Z) -> (0 <= total f xs)%Z.
Proof.
  induction xs as [|x xs IH]; intros H; [reflexivity|]. rewrite total_cons.
  assert (0 <= f x)%Z by (apply H; left; reflexivity).
  assert (0 <= total f xs)%Z by (apply IH; intros; apply H; right; assumption). lia.
Qed.

Lemma total_zero {A} (f : A -> Z) xs : (forall x, In x xs -> (0 <= f x)%Z) -> total f xs = 0%Z ->
  forall x, In x xs -> f x = 0%Z.
Proof.
  induction xs as [|x xs IH]; intros H E y Hy; [contradiction|]. rewrite total_cons in E.
  assert (0 <= f x)%Z by (apply H; left; reflexivity).
  assert (0 <= total f xs)%Z by (apply total_nonneg; intros; apply H; right; assumption).
  destruct Hy as [<-|Hy]; [lia|]. apply IH; auto; [intros; apply H; right; assumption|lia].
Qed.

Lemma rtotal_ext {A} (f g : A -> R) xs : (forall x, In x xs -> f x = g x) ->
  rtotal f xs = rtotal g xs.
Proof.
  induction xs as [|x xs IH]; intros H; [reflexivity|]. cbn [rtotal].
  rewrite H by (left; reflexivity). rewrite IH; auto. intros; apply H; right; assumption.
Qed.

Lemma rtotal_scal {A} c (f : A -> R) xs : rtotal (fun x => c * f x) xs = c * rtotal f xs.
Proof. induction xs as [|x xs IH]; cbn [rtotal]; [lra|rewrite IH; lra]. Qed.

Lemma rtotal_minus {A} (f g : A -> R) xs :
  rtotal (fun x => f x - g x) xs = rtotal f xs - rtotal g xs.
Proof. induction xs as [|x xs IH]; cbn [rtotal]; [lra|rewrite IH; lra]. Qed.

Lemma sum_first n f : sum (S n) f = f 0%nat + sum n (fun i => f (S i)).
Proof.
  rewrite (sum_split (S n) 1 f) by lia. replace (S n - 1)%nat with n by lia. simpl. ring.
Qed.

Lemma sum_nth {A} (f : A -> R) d xs : sum (length xs) (fun i => f (nth i xs d)) = rtotal f xs.
Proof.
  induction xs as [|x xs IH]; [reflexivity|]. cbn [length]. rewrite sum_first. cbn [nth rtotal].
  rewrite IH. reflexivity.
Qed.

(* ------------------------------------------------------------------------------------- groups *)

Definition flat (gs : list group) : list point := flat_map members gs.

Lemma flat_length G gs : length (flat (G :: gs)) = (length (members G) + length (flat gs))%nat.
Proof. apply app_length. Qed.

Lemma sum_blocks G gs f : sum (length (flat (G :: gs))) f =
  sum (length (members G)) f
  + sum (length (flat gs)) (fun i => f (length (members G) + i)%nat).
Proof.
  rewrite flat_length, (sum_split _ (length (members G))) by lia. f_equal. f_equal. lia.
Qed.

Lemma place_first G gs i : (i < length (members G))%nat -> place (G :: gs) i = 0%nat.
Proof. intros H. cbn [place]. apply Nat.ltb_lt in H. rewrite H. reflexivity. Qed.

Lemma place_later G gs i : place (G :: gs) (length (members G) + i) = S (place gs i).
Proof.
  cbn [place]. replace (Nat.ltb _ _) with false by (symmetry; apply Nat.ltb_ge; lia).
  do 2 f_equal. lia.
Qed.

Lemma place_lt gs : forall i, (i < length (flat gs))%nat -> (place gs i < length gs)%nat.
Proof.
  induction gs as [|G gs IH]; intros i Hi; [simpl in Hi; lia|]. rewrite flat_length in Hi.
  cbn [length]. destruct (Nat.ltb i (length (members G))) eqn:E.
  - apply Nat.ltb_lt in E. rewrite place_first by exact E. lia.
  - apply Nat.ltb_ge in E. replace i with (length (members G) + (i - length (members G)))%nat by lia.
    rewrite place_later. assert (H := IH (i - length (members G))%nat ltac:(lia)). lia.
Qed.

Lemma nth_first G gs i : (i < length (members G))%nat ->
  nth i (flat (G :: gs)) nothing = nth i (members G) nothing.
Proof. intros. apply app_nth1. assumption. Qed.

Lemma nth_later G gs i :
  nth (length (members G) + i) (flat (G :: gs)) nothing = nth i (flat gs) nothing.
Proof. unfold flat. cbn [flat_map]. rewrite app_nth2 by lia. f_equal. lia. Qed.

Lemma sum_groups (F : group -> point -> R) gs :
  sum (length (flat gs)) (fun i => F (nth (place gs i) gs nobody) (nth i (flat gs) nothing))
  = rtotal (fun G => rtotal (F G) (members G)) gs.
Proof.
  induction gs as [|G gs IH]; [reflexivity|]. rewrite sum_blocks. cbn [rtotal]. f_equal.
  - rewrite <- (sum_nth (F G) nothing). apply sum_ext. intros i Hi.
    rewrite place_first, nth_first by exact Hi. reflexivity.
  - rewrite <- IH. apply sum_ext. intros i Hi. rewrite place_later, nth_later. reflexivity.
Qed.

Lemma sum_inside (x : point -> R) gs : forall j, (j < length gs)%nat ->
  sum (length (flat gs)) (inside (place gs) j (fun i => x (nth i (flat gs) nothing)))
  = rtotal x (members (nth j gs nobody)).
Proof.
  induction gs as [|G gs IH]; intros j Hj; [simpl in Hj; lia|]. rewrite sum_blocks.
  destruct j as [|j].
  - rewrite (sum_zero (length (flat gs))).
    2:{ intros i Hi. unfold inside. rewrite place_later. reflexivity. }
    cbn [nth]. rewrite <- (sum_nth x nothing), Rplus_0_r. apply sum_ext. intros i Hi. unfold inside.
    rewrite place_first, nth_first by exact Hi. reflexivity.
  - rewrite sum_zero.
    2:{ intros i Hi. unfold inside. rewrite place_first by exact Hi. reflexivity. }
    cbn [nth]. rewrite <- IH by (simpl in Hj; lia). rewrite Rplus_0_l. apply sum_ext. intros i Hi.
    unfold inside. rewrite place_later, nth_later.
    destruct (Nat.eq_dec (S (place gs i)) (S j)), (Nat.eq_dec (place gs i) j);
      try reflexivity; exfalso; lia.
Qed.

(* What is paid for the mistakes of each group is paid at its points. *)
Lemma sum_priced n k (c : nat -> nat) (t l : nat -> R) : (forall i, (i < n)%nat -> (c i < k)%nat) ->
  sum n (fun i => t (c i) * l i) = sum k (fun j => t j * sum n (inside c j l)).
Proof.
  induction n as [|n IH]; intros H.
  - cbn [sum]. rewrite sum_zero; auto. intros. ring.
  - cbn [sum]. rewrite IH by (intros; apply H; lia).
    rewrite (sum_ext k (fun j => t j * (sum n (inside c j l) + inside c j l n))
      (fun j => t j * sum n (inside c j l) + unit_vector (c n) j * (t j * l n))).
    + rewrite sum_plus, sum_unit_vector_times by (apply H; lia). reflexivity.
    + intros j Hj. unfold inside, unit_vector.
      destruct (Nat.eq_dec (c n) j), (Nat.eq_dec j (c n)); try (exfalso; lia); ring.
Qed.

Lemma nth_in_points {P : point -> Prop} ps i : (forall p, In p ps -> P p) -> (i < length ps)%nat ->
  P (nth i ps nothing).
Proof. intros H Hi. apply H, nth_In. exact Hi. Qed.
