(* The pivotal method on any order of fights is exact and of fixed size: S1. *)
Require Import Reals Lra Lia List Permutation.
From Radsim Require Import Statements Sums SampleStatements Designs Systematic.
Import ListNotations.
Open Scope R_scope.

Lemma quotient_bounds x y : 0 <= x <= y -> 0 <= quotient x y <= 1.
Proof.
  intros P. unfold quotient. destruct (Rlt_dec 0 y); [|lra]. split; [apply div_nonneg; lra|].
  apply div_le_iff_le_mult; lra.
Qed.

Lemma quotient_times x y : 0 <= x <= y -> quotient x y * y = x.
Proof. intros P. unfold quotient. destruct (Rlt_dec 0 y); [field; lra|lra]. Qed.

(* The probability with which the first of two points goes on. *)
Definition first_on (c d : R) : R :=
  if Rlt_dec (c + d) 1 then quotient c (c + d) else quotient (1 - c) (2 - (c + d)).

Lemma first_on_bounds c d : 0 <= c <= 1 -> 0 <= d <= 1 -> 0 <= first_on c d <= 1.
Proof. intros C D. unfold first_on. destruct (Rlt_dec (c + d) 1); apply quotient_bounds; lra. Qed.

Definition entering (q : nat -> R) (T : bracket) : Prop :=
  forall i, List.In i (points T) -> 0 <= q i <= 1.

Lemma entering_fight q one two : entering q (Fight one two) -> entering q one /\ entering q two.
Proof. intros E. split; intros i H; apply E; simpl; apply in_app_iff; auto. Qed.

Lemma carried_bounds q T : entering q T -> 0 <= carried q T <= 1.
Proof.
  induction T as [i|one IH1 two IH2]; intros E; simpl.
  - apply E. left. reflexivity.
  - apply entering_fight in E. destruct E as (E1 & E2). specialize (IH1 E1). specialize (IH2 E2).
    destruct (Rlt_dec (carried q one + carried q two) 1); lra.
Qed.

Lemma proper_fight c d a b : 0 <= c <= 1 -> 0 <= d <= 1 -> proper (fight c d a b).
Proof.
  intros C D. assert (F := first_on_bounds c d C D). destruct a as (i & y), b as (j & z).
  unfold first_on in F. unfold fight. destruct (Rlt_dec (c + d) 1).
  - split; [|simpl; lra]. intros w x [H|[H|[]]]; inversion H; subst; lra.
  - split; [|simpl; lra]. intros w x [H|[H|[]]]; inversion H; subst; lra.
Qed.

Lemma winner_proper q T : entering q T -> proper (winner q T).
Proof.
  induction T as [i|one IH1 two IH2]; intros E; simpl.
  - split; [|simpl; lra]. intros w x [H|[]]. inversion H. lra.
  - apply entering_fight in E. destruct E as (E1 & E2).
    apply proper_followed_by_all; auto. intros w a _. apply proper_followed_by_all; auto.
    intros v b _. apply proper_fight; apply carried_bounds; auto.
Qed.

Lemma pivotal_proper q T : entering q T -> proper (pivotal q T).
Proof.
  intros E. apply proper_followed_by_all; [apply winner_proper; auto|]. intros w a _.
  assert (C := carried_bounds q T E). split; [|simpl; lra].
  intros v x [H|[H|[]]]; inversion H; subst; lra.
Qed.

(* -------------------------------------------------------------------------- inclusion *)

(* The probability with which point k is in, given who has won so far. *)
Definition prospect (k : nat) (c : R) (a : nat * sample) : R :=
  snd a k + c * unit_vector (fst a) k.

Lemma prospect_of_fight k c d a b : 0 <= c <= 1 -> 0 <= d <= 1 ->
  expectation (fight c d a b)
    (prospect k (if Rlt_dec (c + d) 1 then c + d else c + d - 1))
  = prospect k c a + prospect k d b.
Proof.
  intros C D. destruct a as (i & y), b as (j & z). unfold fight, prospect, together.
  destruct (Rlt_dec (c + d) 1); simpl; rewrite ?with_point_unit.
  - assert (Q := quotient_times c (c + d) ltac:(lra)). set (x := quotient c (c + d)) in *.
    set (X := x * (c + d)) in *.
    transitivity (y k + z k + X * unit_vector i k + ((c + d) - X) * unit_vector j k);
      [unfold X; ring|rewrite Q; ring].
  - assert (Q := quotient_times (1 - c) (2 - (c + d)) ltac:(lra)).
    set (x := quotient (1 - c) (2 - (c + d))) in *. set (X := x * (2 - (c + d))) in *.
    transitivity (y k + z k + (1 - X) * unit_vector i k + (X + c + d - 1) * unit_vector j k);
      [unfold X, together; ring|rewrite Q; ring].
Qed.

Fixpoint entries (k : nat) (l : list nat) : R :=
  match l with [] => 0 | i :: rest => unit_vector i k + entries k rest end.

Lemma entries_app k l l' : entries k (l ++ l') = entries k l + entries k l'.
Proof. induction l; simpl; [lra|rewrite IHl; lra]. Qed.

Lemma entries_of_all n k : (k < n)%nat -> entries k (seq 0 n) = 1.
Proof.
  intros Hk. rewrite <- (sum_unit_vector n k Hk). clear Hk. induction n; [reflexivity|].
  rewrite seq_S, entries_app, IHn. simpl. unfold unit_vector.
  destruct (Nat.eq_dec k n), (Nat.eq_dec n k); subst; try congruence; lra.
Qed.

Lemma entries_permutation k l l' : Permutation l l' -> entries k l = entries k l'.
Proof. intros P. induction P; simpl; lra. Qed.

Lemma prospect_of_winner q T k : entering q T ->
  expectation (winner q T) (prospect k (carried q T)) = q k * entries k (points T).
Proof.
  induction T as [i|one IH1 two IH2]; intros E.
  - unfold prospect. simpl. unfold unit_vector, nothing.
    destruct (Nat.eq_dec k i) as [->|]; lra.
  - apply entering_fight in E. destruct E as (E1 & E2).
    cbn [winner carried points]. rewrite expectation_followed_by.
    rewrite (expectation_ext _ _ (fun a => prospect k (carried q one) a
               + expectation (winner q two) (prospect k (carried q two)))).
    + rewrite (expectation_plus (winner q one)), IH1, IH2 by auto.
      rewrite expectation_const by (apply winner_proper; auto). rewrite entries_app. ring.
    + intros a. rewrite expectation_followed_by.
      rewrite (expectation_ext _ _ (fun b => prospect k (carried q one) a
                 + prospect k (carried q two) b)).
      * rewrite (expectation_plus (winner q two)).
        rewrite expectation_const by (apply winner_proper; auto). reflexivity.
      * intros b. apply prospect_of_fight; apply carried_bounds; auto.
Qed.

Lemma pivotal_includes n q T : entering q T -> complete n T -> includes n q (pivotal q T).
Proof.
  intros E C k Hk. unfold pivotal. rewrite expectation_followed_by.
  rewrite (expectation_ext _ _ (prospect k (carried q T))).
  - rewrite prospect_of_winner by exact E.
    rewrite (entries_permutation k _ _ C), entries_of_all by exact Hk. ring.
  - intros (i & z). unfold prospect. simpl. rewrite with_point_unit. lra.
Qed.

(* -------------------------------------------------------------------------- size *)

Fixpoint listed (q : nat -> R) (l : list nat) : R :=
  match l with [] => 0 | i :: rest => q i + listed q rest end.

Lemma listed_app q l l' : listed q (l ++ l') = listed q l + listed q l'.
Proof. induction l; simpl; [lra|rewrite IHl; lra]. Qed.

Lemma listed_all n q : listed q (seq 0 n) = sum n q.
Proof. induction n; [reflexivity|]. rewrite seq_S, listed_app, IHn. simpl. lra. Qed.

Lemma listed_permutation q l l' : Permutation l l' -> listed q l = listed q l'.
Proof. intros P. induction P; simpl; lra. Qed.

(* The winner is not decided; of the others so many are in that the carried rest is missing. *)
Definition standing n q (T : bracket) (a : nat * sample) : Prop :=
  List.In (fst a) (points T) /\ snd a (fst a) = 0
  /\ (forall k, snd a k = 0 \/ snd a k = 1) /\ (forall k, ~ List.In k (points T) -> snd a k = 0)
  /\ sum n (snd a) = listed q (points T) - carried q T.

Lemma with_point_there i z : with_point i z i = z i + 1.
Proof. unfold with_point. destruct (Nat.eq_dec i i); [reflexivity|congruence]. Qed.

Lemma with_point_elsewhere i z k : k <> i -> with_point i z k = z k.
Proof. intros N. unfold with_point. destruct (Nat.eq_dec k i); [congruence|reflexivity]. Qed.

Lemma sum_together n y z : sum n (together y z) = sum n y + sum n z.
Proof. apply sum_plus. Qed.

(* One of two that are out comes in; the other stands. *)
Lemma loser_in n j (u : sample) : (j < n)%nat -> (forall k, u k = 0 \/ u k = 1) -> u j = 0 ->
  (forall k, with_point j u k = 0 \/ with_point j u k = 1)
  /\ sum n (with_point j u) = sum n u + 1.
Proof.
  intros Hj B Z. split; [|apply sum_with_point; exact Hj]. intros k.
  destruct (Nat.eq_dec k j) as [->|N].
  - rewrite with_point_there, Z. right. lra.
  - rewrite with_point_elsewhere by exact N. apply B.
Qed.

Lemma distinct_app (l l' : list nat) : NoDup (l ++ l') ->
  NoDup l /\ NoDup l' /\ forall k, List.In k l -> ~ List.In k l'.
Proof.
  induction l as [|p l IH]; simpl; intros Dup.
  - split; [constructor|]. split; [exact Dup|]. intros k [].
  - inversion Dup as [|p' l0 Np Dl]; subst. destruct (IH Dl) as (D1 & D2 & D3).
    rewrite in_app_iff in Np. split; [constructor; auto|]. split; [exact D2|].
    intros k [->|H]; auto.
Qed.

Lemma standing_fight n q one two a b w x : standing n q one a -> standing n q two b ->
  (forall k, List.In k (points (Fight one two)) -> (k < n)%nat) ->
  NoDup (points (Fight one two)) ->
  List.In (w, x) (fight (carried q one) (carried q two) a b) ->
  standing n q (Fight one two) x.
Proof.
  destruct a as (i & y), b as (j & z). unfold standing. cbn [points fst snd].
  intros (A1 & A2 & A3 & A4 & A5) (B1 & B2 & B3 & B4 & B5) Below Dup H.
  destruct (distinct_app _ _ Dup) as (_ & _ & Apart).
  set (u := together y z) in *.
  assert (U : forall k, u k = 0 \/ u k = 1).
  { intros k. unfold u, together. destruct (in_dec Nat.eq_dec k (points one)) as [Q|Q].
    - rewrite (B4 k) by (apply Apart; exact Q). destruct (A3 k) as [->| ->]; [left|right]; lra.
    - rewrite (A4 k Q). destruct (B3 k) as [->| ->]; [left|right]; lra. }
  assert (Ui : u i = 0) by (unfold u, together; rewrite A2, (B4 i) by (apply Apart; auto); lra).
  assert (Uj : u j = 0).
  { unfold u, together. rewrite B2, (A4 j); [lra|]. intros Q. exact (Apart j Q B1). }
  assert (Ne : i <> j) by (intros ->; exact (Apart j A1 B1)).
  assert (Out : forall k, ~ List.In k (points one ++ points two) -> u k = 0).
  { intros k Q. rewrite in_app_iff in Q. unfold u, together. rewrite A4, B4 by auto. lra. }
  assert (Size : sum n u = listed q (points one ++ points two) - (carried q one + carried q two)).
  { unfold u. rewrite sum_together, listed_app, A5, B5. lra. }
  assert (Ii : List.In i (points one ++ points two)) by (apply in_app_iff; auto).
  assert (Ij : List.In j (points one ++ points two)) by (apply in_app_iff; auto).
  unfold fight in H. fold u in H. cbn [carried].
  destruct (Rlt_dec (carried q one + carried q two) 1);
    destruct H as [H|[H|[]]]; inversion H; subst w x; cbn [fst snd].
  - auto.
  - auto.
  - destruct (loser_in n j u (Below j Ij) U Uj) as (L1 & L2).
    split; [auto|]. split; [rewrite with_point_elsewhere; auto|]. split; [exact L1|].
    split; [|rewrite L2; lra]. intros k Q. rewrite with_point_elsewhere; auto. congruence.
  - destruct (loser_in n i u (Below i Ii) U Ui) as (L1 & L2).
    split; [auto|]. split; [rewrite with_point_elsewhere; auto|]. split; [exact L1|].
    split; [|rewrite L2; lra]. intros k Q. rewrite with_point_elsewhere; auto. congruence.
Qed.

Lemma winner_stands n q T w x : (forall k, List.In k (points T) -> (k < n)%nat) ->
  NoDup (points T) -> List.In (w, x) (winner q T) -> standing n q T x.
Proof.
  revert w x. induction T as [i|one IH1 two IH2]; intros w x Below Dup H.
  - destruct H as [H|[]]. inversion H; subst. unfold standing, nothing. simpl.
    repeat split; auto. rewrite sum_zero; auto. lra.
  - cbn [winner] in H. apply in_followed_by in H. destruct H as (w1 & a & v & Ha & H & _).
    apply in_followed_by in H. destruct H as (w2 & b & v' & Hb & H & _).
    cbn [points] in Below, Dup. destruct (distinct_app _ _ Dup) as (D1 & D2 & _). apply (standing_fight n q one two a b v' x); auto.
    + apply (IH1 w1); auto. intros k Q. apply Below, in_app_iff. auto.
    + apply (IH2 w2); auto. intros k Q. apply Below, in_app_iff. auto.
Qed.

Lemma entering_complete n q T : unit_box n q -> complete n T -> entering q T.
Proof.
  intros U C i H. apply U. assert (Q := Permutation_in i C H). apply in_seq in Q. lia.
Qed.

Lemma S1_pivotal : S1_pivotal_statement.
Proof.
  intros n q T U C. assert (E := entering_complete n q T U C).
  assert (Below : forall k, List.In k (points T) -> (k < n)%nat).
  { intros k H. assert (Q := Permutation_in k C H). apply in_seq in Q. lia. }
  assert (Dup : NoDup (points T)).
  { apply (Permutation_NoDup (Permutation_sym C)). apply seq_NoDup. }
  assert (P := pivotal_proper q T E). assert (K := carried_bounds q T E).
  assert (Tot : listed q (points T) = sum n q)
    by (rewrite (listed_permutation q _ _ C); apply listed_all).
  assert (Both : surely (pivotal q T) (fun z =>
    (forall i, (i < n)%nat -> z i = 0 \/ z i = 1) /\ Rabs (sum n z - sum n q) < 1)).
  { apply surely_followed_by; [apply (winner_proper q T E)|]. intros w a Ha _ v z Hz V.
    destruct (winner_stands n q T w a Below Dup Ha) as (A1 & A2 & A3 & A4 & A5).
    destruct (loser_in n (fst a) (snd a) (Below _ A1) A3 A2) as (L1 & L2).
    destruct Hz as [Hz|[Hz|[]]]; inversion Hz; subst v z.
    - split; [auto|]. rewrite L2, A5, Tot. apply Rabs_def1; lra.
    - split; [auto|]. rewrite A5, Tot. apply Rabs_def1; lra. }
  assert (B : surely (pivotal q T) (fun z => forall i, (i < n)%nat -> z i = 0 \/ z i = 1))
    by (intros w z H W; apply (Both w z H W)).
  split; [split; [exact P|split; [exact B|apply pivotal_includes; auto]]|].
  apply sized_of_near; [exact B|]. intros w z H W. apply (Both w z H W).
Qed.
