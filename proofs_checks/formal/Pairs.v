(* The sample variance as a mean over two draws and the others: its moment generating function is at
   most that of independent pairs. *)
Require Import Reals Lra Lia List.
From Radsim Require Import Statements BoundStatements.
From Radsim Require Import Sums Growth Bounds Bernstein.
Import ListNotations.
Open Scope R_scope.

(* ---------------------------------------------------------------- one draw and the others *)

(* The sum of F over each draw and the list of the others. *)
Fixpoint pick_sum (drawn : list nat) (F : nat -> list nat -> R) : R :=
  match drawn with
  | [] => 0
  | a :: rest => F a rest + pick_sum rest (fun c others => F c (a :: others))
  end.
Definition picked (drawn : list nat) (a : nat) (rest : list nat) : Prop :=
  forall f, f a + total f rest = total f drawn.

Lemma total_cons f a l : total f (a :: l) = f a + total f l.
Proof. reflexivity. Qed.

Lemma pick_sum_le l : forall F G, (forall a rest, picked l a rest -> F a rest <= G a rest) ->
  pick_sum l F <= pick_sum l G.
Proof.
  induction l as [|c l IH]; intros F G L; simpl; [lra|].
  apply Rplus_le_compat; [apply L; intros f; reflexivity|].
  apply IH. intros a rest P. apply L. intros f. rewrite !total_cons, <- (P f). ring.
Qed.

Lemma pick_sum_ext l F G : (forall a rest, picked l a rest -> F a rest = G a rest) ->
  pick_sum l F = pick_sum l G.
Proof. intros E. apply Rle_antisym; apply pick_sum_le; intros a rest P; rewrite E; auto; lra. Qed.

Lemma pick_sum_point l : forall G, pick_sum l (fun a _ => G a) = total G l.
Proof. induction l; intros G; simpl; [reflexivity|]. rewrite IHl. reflexivity. Qed.

Lemma total_affine l f a c : total (fun i => a + c * f i) l = a * INR (length l) + c * total f l.
Proof.
  induction l; [unfold total; simpl; ring|]. change (length (a0 :: l)) with (S (length l)).
  rewrite S_INR, !total_cons, IHl. ring.
Qed.

Lemma total_square l x a c d :
  total (fun i => a + c * x i + d * (x i) ^ 2) l
  = a * INR (length l) + c * total x l + d * total (fun i => (x i) ^ 2) l.
Proof.
  induction l; [unfold total; simpl; ring|]. change (length (a0 :: l)) with (S (length l)).
  rewrite S_INR, !total_cons, IHl. ring.
Qed.

Lemma total_length l : total (fun _ => 1) l = INR (length l).
Proof.
  induction l; [reflexivity|]. change (length (a :: l)) with (S (length l)).
  rewrite S_INR, total_cons, IHl. ring.
Qed.

Lemma picked_length l a rest : picked l a rest -> INR (length l) = 1 + INR (length rest).
Proof. intros P. rewrite <- !total_length, <- (P (fun _ => 1)). reflexivity. Qed.

Lemma pick_sum_affine l a c : forall F,
  pick_sum l (fun i rest => a + c * F i rest) = a * INR (length l) + c * pick_sum l F.
Proof.
  induction l; intros F; [simpl; ring|]. change (length (a0 :: l)) with (S (length l)).
  rewrite S_INR. simpl. rewrite IHl. ring.
Qed.

Lemma over_draws_plus n p k : forall F G,
  over_draws n p k (fun drawn => F drawn + G drawn) = over_draws n p k F + over_draws n p k G.
Proof.
  induction k; intros F G; simpl; [reflexivity|]. rewrite <- sum_plus. apply sum_ext.
  intros i Hi. rewrite IHk. ring.
Qed.

(* Draws are alike: each might have been the first. *)
Lemma pick_sum_mean n p k : forall F,
  over_draws n p (S k) (fun drawn => pick_sum drawn F)
  = INR (S k) * sum n (fun a => p a * over_draws n p k (F a)).
Proof.
  induction k; intros F.
  - simpl. rewrite Rmult_1_l. apply sum_ext. intros. ring.
  - transitivity (sum n (fun a => p a * over_draws n p (S k) (F a)
        + INR (S k) * (p a * sum n (fun c => p c * over_draws n p k (fun r => F c (a :: r)))))).
    + change (over_draws n p (S (S k)) (fun drawn => pick_sum drawn F))
        with (sum n (fun a => p a * over_draws n p (S k) (fun r => F a r
                + pick_sum r (fun c others => F c (a :: others))))).
      apply sum_ext. intros a Ha. rewrite over_draws_plus, IHk. ring.
    + rewrite sum_plus, sum_scal. rewrite (S_INR (S k)), Rmult_plus_distr_r, Rmult_1_l, Rplus_comm.
      f_equal. f_equal.
      transitivity (sum n (fun a => sum n (fun c =>
                      p a * (p c * over_draws n p k (fun r => F c (a :: r)))))).
      * apply sum_ext. intros a Ha. symmetry. apply sum_scal.
      * rewrite sum_exchange. apply sum_ext. intros c Hc. simpl. rewrite <- sum_scal.
        apply sum_ext. intros a Ha. ring.
Qed.

(* ------------------------------------------------------------------- the sample variance *)

Section Sample.
Variable x : nat -> R.

Definition spread_form (k s1 s2 : R) : R := (k * s2 - s1 ^ 2) / (k * (k - 1)).
Definition spread (l : list nat) : R :=
  spread_form (INR (length l)) (total x l) (total (fun i => (x i) ^ 2) l).
Definition apart (a c : nat) : R := (x a - x c) ^ 2 / 2.

Lemma sample_variance_form l : (2 <= length l)%nat -> sample_variance x l = spread l.
Proof.
  intros L. apply le_INR in L. simpl in L. unfold sample_variance, spread, spread_form.
  set (k := INR (length l)) in *. set (c := total x l / k).
  assert (E : total (fun i => (x i - c) ^ 2) l
              = total (fun i => c ^ 2 + (- 2 * c) * x i + 1 * (x i) ^ 2) l).
  { clearbody c. clear. induction l; [reflexivity|]. rewrite !total_cons, IHl. ring. }
  rewrite E, total_square. fold k. unfold c. field. lra.
Qed.

(* Two draws apart, with weight w, and the variance of the others: the mean is the variance. *)
Lemma spread_of_pairs l w : (2 <= length l)%nat -> w = 1 \/ (4 <= length l)%nat ->
  pick_sum l (fun a r => pick_sum r (fun c others => w * apart a c + (1 - w) * spread others))
  = INR (length l) * (INR (length l) - 1) * spread l.
Proof.
  intros L W. set (k := INR (length l)). set (s1 := total x l).
  set (s2 := total (fun i => (x i) ^ 2) l). set (m := k - 2).
  assert (K : 2 <= k) by (apply le_INR in L; simpl in L; exact L).
  set (kappa := (1 - w) * / (m * (m - 1))).
  assert (Kappa : w + kappa * (m * (m - 1)) = 1).
  { unfold kappa. destruct W as [->|W]; [ring|]. apply le_INR in W. simpl in W. fold k in W.
    field. unfold m. lra. }
  rewrite (pick_sum_ext l _ (fun a _ =>
    (w / 2 * s2 + kappa * (m - 1) * ((m + 1) * s2 - s1 ^ 2))
    + (- w * s1 + kappa * (m - 1) * (2 * s1)) * x a
    + (w * (m + 1) / 2 + w - w / 2 - kappa * (m - 1) * (m + 2)) * (x a) ^ 2)).
  - rewrite pick_sum_point, total_square. fold k s1 s2. unfold spread, spread_form. fold k s1 s2.
    transitivity ((w + kappa * (m * (m - 1))) * (k * s2 - s1 ^ 2)); [|rewrite Kappa; field; lra].
    unfold m. field.
  - intros a r Pa. assert (Kr := picked_length l a r Pa). fold k in Kr.
    assert (T1 := Pa x). assert (T2 := Pa (fun i => (x i) ^ 2)). fold s1 in T1. fold s2 in T2.
    cbv beta in T2.
    rewrite (pick_sum_ext r _ (fun c _ =>
      (w / 2 * (x a) ^ 2 + kappa * (m * (s2 - (x a) ^ 2) - (s1 - x a) ^ 2))
      + (- w * x a + 2 * kappa * (s1 - x a)) * x c
      + (w / 2 - kappa * (m + 1)) * (x c) ^ 2)).
    + rewrite pick_sum_point, total_square.
      replace (INR (length r)) with (m + 1) by (unfold m; lra).
      replace (total x r) with (s1 - x a) by lra.
      replace (total (fun i => (x i) ^ 2) r) with (s2 - (x a) ^ 2) by lra. field.
    + intros c others Pc. assert (Ko := picked_length r c others Pc).
      assert (U1 := Pc x). assert (U2 := Pc (fun i => (x i) ^ 2)). cbv beta in U2.
      unfold spread, spread_form, apart. replace (INR (length others)) with m by (unfold m; lra).
      replace (total x others) with (s1 - x a - x c) by lra.
      replace (total (fun i => (x i) ^ 2) others) with (s2 - (x a) ^ 2 - (x c) ^ 2) by lra.
      unfold Rdiv at 2. rewrite (Rmult_comm _ (/ _)), <- Rmult_assoc. fold kappa. field.
Qed.
End Sample.
