(* The pivotal method on any order of fights is negatively associated: S3.
   What a function sees of a tree of fights is who won, W, and who is in, y.  The winner is decided
   later, so the induction speaks of f0 y + f1 (y with W in), for rising f0 and f1. *)
Require Import Reals Lra Lia List.
From Radsim Require Import Statements Sums SampleStatements Designs Pivotal.
Import ListNotations.
Open Scope R_scope.

(* ---------------------------------------------------------------------------- rising functions *)

Section Rising.
Variable A : nat -> bool.

Lemma rising_same f y z : rising A f -> (forall i, y i = z i) -> f y = f z.
Proof. intros M E. apply Rle_antisym; apply M; intros i _; rewrite E; lra. Qed.

Lemma rising_plus f f' : rising A f -> rising A f' -> rising A (fun z => f z + f' z).
Proof. intros M M' y z L. specialize (M y z L). specialize (M' y z L). lra. Qed.

Lemma rising_scal c f : 0 <= c -> rising A f -> rising A (fun z => c * f z).
Proof. intros C M y z L. apply Rmult_le_compat_l; auto. Qed.

Lemma rising_zero : rising A (fun _ => 0).
Proof. intros y z _. lra. Qed.

Lemma rising_together f u : rising A f -> rising A (fun z => f (together u z)).
Proof. intros M y z L. apply M. intros i Hi. unfold together. specialize (L i Hi). lra. Qed.

Lemma rising_together_right f u : rising A f -> rising A (fun z => f (together z u)).
Proof. intros M y z L. apply M. intros i Hi. unfold together. specialize (L i Hi). lra. Qed.

Lemma rising_expectation {X} (D : distribution X) (f : X -> sample -> R) :
  proper D -> (forall x, rising A (f x)) -> rising A (fun z => expectation D (fun x => f x z)).
Proof. intros P M y z L. apply expectation_le_all; auto. intros x. apply M. exact L. Qed.

(* Beside each other stand points with weights: drawing i is no less than not, and for a point
   that f does not see, no more. *)
Lemma rising_with_point f i z : rising A f -> f z <= f (with_point i z).
Proof.
  intros M. apply M. intros k _. rewrite with_point_unit. unfold unit_vector.
  destruct (Nat.eq_dec k i); lra.
Qed.

Lemma rising_unseen f i z : rising A f -> A i = false -> f (with_point i z) = f z.
Proof.
  intros M H. apply Rle_antisym; apply M; intros k Hk; rewrite with_point_unit;
    unfold unit_vector; destruct (Nat.eq_dec k i); try congruence; lra.
Qed.
End Rising.

(* ------------------------------------------------------------------------------- covariances *)

(* What is seen of a tree: f0 of those in, f1 of those and the winner. *)
Definition seen (f0 f1 : sample -> R) (a : nat * sample) : R :=
  f0 (snd a) + f1 (with_point (fst a) (snd a)).

Definition undecided_association (D : distribution (nat * sample)) : Prop :=
  forall A B f0 f1 g0 g1, disjoint A B ->
  rising A f0 -> rising A f1 -> rising B g0 -> rising B g1 ->
  expectation D (fun a => seen f0 f1 a * seen g0 g1 a)
  <= expectation D (seen f0 f1) * expectation D (seen g0 g1).

Lemma association_of_point i : undecided_association [(1, (i, nothing))].
Proof. intros A B f0 f1 g0 g1 _ _ _ _ _. simpl. lra. Qed.

(* Two who are opposed: the mean of products is at most the product of means. *)
Lemma opposed_pair x f f' g g' : 0 <= x <= 1 -> (f - f') * (g - g') <= 0 ->
  x * (f * g) + (1 - x) * (f' * g') <= (x * f + (1 - x) * f') * (x * g + (1 - x) * g').
Proof.
  intros X O'. assert (0 <= x * (1 - x)) by (apply Rmult_le_pos; lra).
  assert (x * (1 - x) * ((f - f') * (g - g')) <= 0)
    by (rewrite <- (Rmult_0_r (x * (1 - x))); apply Rmult_le_compat_l; auto).
  lra.
Qed.

(* One of i and j is in: what sees one set likes i better only if what sees the other likes j. *)
Lemma rivals A B f g i j z : disjoint A B -> rising A f -> rising B g ->
  (f (with_point i z) <= f (with_point j z) /\ g (with_point j z) <= g (with_point i z))
  \/ (f (with_point j z) <= f (with_point i z) /\ g (with_point i z) <= g (with_point j z)).
Proof.
  intros Dis F G.
  assert (Fi := rising_with_point A f i z F). assert (Fj := rising_with_point A f j z F).
  assert (Gi := rising_with_point B g i z G). assert (Gj := rising_with_point B g j z G).
  destruct (A i) eqn:Ai.
  - assert (Bi := rising_unseen B g i z G (Dis i Ai)). destruct (A j) eqn:Aj.
    + assert (Bj := rising_unseen B g j z G (Dis j Aj)).
      destruct (Rle_dec (f (with_point i z)) (f (with_point j z))); [left|right]; lra.
    + assert (Aj' := rising_unseen A f j z F Aj). right. lra.
  - assert (Ai' := rising_unseen A f i z F Ai). destruct (A j) eqn:Aj.
    + assert (Bj := rising_unseen B g j z G (Dis j Aj)). left. lra.
    + assert (Aj' := rising_unseen A f j z F Aj).
      destruct (Rle_dec (g (with_point i z)) (g (with_point j z))); [right|left]; lra.
Qed.

Lemma opposite_signs x y : x <= 0 /\ 0 <= y \/ 0 <= x /\ y <= 0 -> x * y <= 0.
Proof.
  intros [(X & Y)|(X & Y)].
  - assert (0 <= - x * y) by (apply Rmult_le_pos; lra). lra.
  - assert (0 <= x * - y) by (apply Rmult_le_pos; lra). lra.
Qed.

Section Fights.
Variables (c d : R).
Hypotheses (C : 0 <= c <= 1) (D : 0 <= d <= 1).

Lemma with_points_commute f A i j z : rising A f ->
  f (with_point i (with_point j z)) = f (with_point j (with_point i z)).
Proof. intros M. apply (rising_same A); auto. intros k. rewrite !with_point_unit. lra. Qed.

(* The fight itself. *)
Lemma association_of_fight A B f0 f1 g0 g1 a b : disjoint A B ->
  rising A f0 -> rising A f1 -> rising B g0 -> rising B g1 ->
  expectation (fight c d a b) (fun x => seen f0 f1 x * seen g0 g1 x)
  <= expectation (fight c d a b) (seen f0 f1) * expectation (fight c d a b) (seen g0 g1).
Proof.
  intros Dis F0 F1 G0 G1. assert (X := first_on_bounds c d C D). unfold first_on in X.
  destruct a as (i & y), b as (j & z). unfold fight, seen. set (u := together y z).
  destruct (Rlt_dec (c + d) 1); cbn [expectation fst snd]; rewrite !Rplus_0_r;
    apply opposed_pair; auto; apply opposite_signs.
  - destruct (rivals A B f1 g1 i j u Dis F1 G1) as [E|E]; [left|right]; lra.
  - rewrite (with_points_commute f1 A j i u F1), (with_points_commute g1 B j i u G1).
    destruct (rivals A B f0 g0 i j u Dis F0 G0) as [E|E]; [right|left]; lra.
Qed.

(* What is seen after the fight, by who of the two is in. *)
Definition split_by (p00 p10 p01 p11 : sample -> R) (a b : nat * sample) : R :=
  let (i, y) := a in
  let (j, z) := b in
  p00 (together y z) + p10 (together (with_point i y) z)
  + (p01 (together y (with_point j z)) + p11 (together (with_point i y) (with_point j z))).

Lemma fight_splits A f0 f1 : rising A f0 -> rising A f1 ->
  exists p00 p10 p01 p11, rising A p00 /\ rising A p10 /\ rising A p01 /\ rising A p11
    /\ forall a b, expectation (fight c d a b) (seen f0 f1) = split_by p00 p10 p01 p11 a b.
Proof.
  intros F0 F1. assert (X := first_on_bounds c d C D). unfold first_on in X.
  assert (One : forall f i y z, rising A f ->
    f (together (with_point i y) z) = f (with_point i (together y z))).
  { intros f i y z M. apply (rising_same A); auto. intros k. unfold together.
    rewrite !with_point_unit. lra. }
  assert (Two : forall f j y z, rising A f ->
    f (together y (with_point j z)) = f (with_point j (together y z))).
  { intros f j y z M. apply (rising_same A); auto. intros k. unfold together.
    rewrite !with_point_unit. lra. }
  assert (All : forall f i j y z, rising A f ->
    f (together (with_point i y) (with_point j z))
    = f (with_point i (with_point j (together y z)))).
  { intros f i j y z M. apply (rising_same A); auto. intros k. unfold together.
    rewrite !with_point_unit. lra. }
  unfold fight. destruct (Rlt_dec (c + d) 1).
  - set (x := quotient c (c + d)) in *.
    exists f0, (fun z => x * f1 z), (fun z => (1 - x) * f1 z), (fun _ => 0).
    split; [auto|]. split; [apply rising_scal; auto; lra|].
    split; [apply rising_scal; auto; lra|]. split; [apply rising_zero|].
    intros (i & y) (j & z). unfold seen, split_by. cbn [expectation fst snd].
    rewrite One, Two by auto. ring.
  - set (x := quotient (1 - c) (2 - (c + d))) in *.
    exists (fun _ => 0), (fun z => (1 - x) * f0 z), (fun z => x * f0 z), f1.
    split; [apply rising_zero|]. split; [apply rising_scal; auto; lra|].
    split; [apply rising_scal; auto; lra|]. split; [auto|].
    intros (i & y) (j & z). unfold seen, split_by. cbn [expectation fst snd].
    rewrite One, Two, All by auto. rewrite (with_points_commute f1 A i j) by auto. ring.
Qed.

(* For each state of one side, the other side sees functions of the same kind. *)
Lemma seen_from_one A p00 p10 p01 p11 b :
  rising A p00 -> rising A p10 -> rising A p01 -> rising A p11 ->
  exists f0 f1, rising A f0 /\ rising A f1
    /\ forall a, split_by p00 p10 p01 p11 a b = seen f0 f1 a.
Proof.
  intros P00 P10 P01 P11. destruct b as (j & z).
  exists (fun v => p00 (together v z) + p01 (together v (with_point j z))).
  exists (fun v => p10 (together v z) + p11 (together v (with_point j z))).
  split; [apply rising_plus; apply rising_together_right; auto|].
  split; [apply rising_plus; apply rising_together_right; auto|].
  intros (i & y). unfold split_by, seen. cbn [fst snd]. ring.
Qed.

Lemma seen_from_two A p00 p10 p01 p11 E : proper E ->
  rising A p00 -> rising A p10 -> rising A p01 -> rising A p11 ->
  exists f0 f1, rising A f0 /\ rising A f1
    /\ forall b, expectation E (fun a => split_by p00 p10 p01 p11 a b) = seen f0 f1 b.
Proof.
  intros P P00 P10 P01 P11.
  exists (fun v => expectation E (fun a =>
            p00 (together (snd a) v) + p10 (together (with_point (fst a) (snd a)) v))).
  exists (fun v => expectation E (fun a =>
            p01 (together (snd a) v) + p11 (together (with_point (fst a) (snd a)) v))).
  split; [apply rising_expectation; auto; intros; apply rising_plus; apply rising_together; auto|].
  split; [apply rising_expectation; auto; intros; apply rising_plus; apply rising_together; auto|].
  intros (j & z). unfold seen. cbn [fst snd]. rewrite <- expectation_plus.
  apply expectation_ext. intros (i & y). reflexivity.
Qed.

Lemma expectation_swap {X Y} (E : distribution X) (E' : distribution Y) f :
  expectation E (fun x => expectation E' (f x))
  = expectation E' (fun y => expectation E (fun x => f x y)).
Proof.
  induction E' as [|(w & y) E' IH]; simpl.
  - induction E as [|(v & x) E IHE]; simpl; [reflexivity|rewrite IHE; lra].
  - rewrite expectation_plus, expectation_scal, IH. reflexivity.
Qed.

Lemma association_of_fights E1 E2 : proper E1 -> proper E2 ->
  undecided_association E1 -> undecided_association E2 ->
  undecided_association (followed_by E1 (fun a => followed_by E2 (fun b => fight c d a b))).
Proof.
  intros P1 P2 A1 A2 A B f0 f1 g0 g1 Dis F0 F1 G0 G1.
  destruct (fight_splits A f0 f1 F0 F1) as (p00 & p10 & p01 & p11 & Q1 & Q2 & Q3 & Q4 & EF).
  destruct (fight_splits B g0 g1 G0 G1) as (r00 & r10 & r01 & r11 & U1 & U2 & U3 & U4 & EG).
  assert (Unfold : forall h, expectation
      (followed_by E1 (fun a => followed_by E2 (fun b => fight c d a b))) h
    = expectation E2 (fun b => expectation E1 (fun a => expectation (fight c d a b) h))).
  { intros h. rewrite expectation_followed_by, <- expectation_swap. apply expectation_ext.
    intros a. apply expectation_followed_by. }
  rewrite !Unfold. set (F := split_by p00 p10 p01 p11). set (G := split_by r00 r10 r01 r11).
  destruct (seen_from_two A p00 p10 p01 p11 E1 P1 Q1 Q2 Q3 Q4) as (s0 & s1 & S0 & S1 & SE).
  destruct (seen_from_two B r00 r10 r01 r11 E1 P1 U1 U2 U3 U4) as (t0 & t1 & T0 & T1 & TE).
  apply Rle_trans with (expectation E2 (fun b => expectation E1 (fun a => F a b * G a b))).
  { apply expectation_le_all; auto. intros b. apply expectation_le_all; auto. intros a.
    unfold F, G. rewrite <- EF, <- EG. apply association_of_fight with A B; auto. }
  apply Rle_trans with (expectation E2 (fun b => seen s0 s1 b * seen t0 t1 b)).
  { apply expectation_le_all; auto. intros b. rewrite <- SE, <- TE.
    destruct (seen_from_one A p00 p10 p01 p11 b Q1 Q2 Q3 Q4) as (m0 & m1 & M0 & M1 & ME).
    destruct (seen_from_one B r00 r10 r01 r11 b U1 U2 U3 U4) as (n0 & n1 & N0 & N1 & NE).
    rewrite (expectation_ext E1 _ (seen m0 m1) ME), (expectation_ext E1 _ (seen n0 n1) NE).
    eapply Rle_trans; [|apply (A1 A B); auto]. apply Req_le, expectation_ext. intros a.
    unfold F, G. rewrite ME, NE. reflexivity. }
  apply Rle_trans with (expectation E2 (seen s0 s1) * expectation E2 (seen t0 t1)).
  { apply (A2 A B); auto. }
  apply Req_le. f_equal; apply expectation_ext; intros b; [rewrite <- SE|rewrite <- TE];
    apply expectation_ext; intros a; auto.
Qed.
End Fights.

Lemma association_of_winner q T : entering q T -> undecided_association (winner q T).
Proof.
  induction T as [i|one IH1 two IH2]; intros E; [apply association_of_point|].
  apply entering_fight in E. destruct E as (E1 & E2). cbn [winner].
  apply association_of_fights; auto using carried_bounds, winner_proper.
Qed.

(* The last decision: only one of two functions of disjoint sets sees the winner. *)
Lemma association_of_last A B f g c i z : disjoint A B -> rising A f -> rising B g ->
  c * (f (with_point i z) * g (with_point i z)) + (1 - c) * (f z * g z)
  = (c * f (with_point i z) + (1 - c) * f z) * (c * g (with_point i z) + (1 - c) * g z).
Proof.
  intros Dis F G. destruct (A i) eqn:Ai.
  - rewrite (rising_unseen B g i z G (Dis i Ai)). ring.
  - rewrite (rising_unseen A f i z F Ai). ring.
Qed.

Lemma pivotal_association q T : entering q T -> negatively_associated (pivotal q T).
Proof.
  intros E A B f g Dis F G. assert (C := carried_bounds q T E). set (c := carried q T) in *.
  assert (Last : forall h, expectation (pivotal q T) h
    = expectation (winner q T) (seen (fun z => (1 - c) * h z) (fun z => c * h z))).
  { intros h. unfold pivotal. rewrite expectation_followed_by. apply expectation_ext.
    intros (i & z). unfold seen. simpl. fold c. ring. }
  rewrite (Last f), (Last g).
  eapply Rle_trans; [|apply (association_of_winner q T E A B); auto; apply rising_scal; auto; lra].
  apply Req_le. rewrite Last. apply expectation_ext. intros (i & z). unfold seen. cbn [fst snd].
  rewrite Rplus_comm, (association_of_last A B f g c i z Dis F G). ring.
Qed.

Lemma S3_association : S3_association_statement.
Proof.
  intros n q T U C. apply pivotal_association. apply (entering_complete n q T U C).
Qed.
