(* What is proved of samples: S1, S3 and S5.  To be audited, as Statements.v is.
   A distribution is a finite list of outcomes with their weights.  A sample is a function z: z i is
   how often point i is drawn, 0 or 1 without replacement.  Its robust gain against mistakes l is
   payoff n g s z l, the sum of g i - s i * l i over the points drawn. *)
Require Import Reals List Permutation.
From Radsim Require Import Statements.
Import ListNotations.
Open Scope R_scope.

(* -------------------------------------------------------------------------- finite distributions *)

Definition distribution (X : Type) := list (R * X).
Fixpoint expectation {X} (D : distribution X) (f : X -> R) : R :=
  match D with [] => 0 | (w, x) :: rest => w * f x + expectation rest f end.
Definition proper {X} (D : distribution X) : Prop :=
  (forall w x, In (w, x) D -> 0 <= w) /\ expectation D (fun _ => 1) = 1.
Definition surely {X} (D : distribution X) (P : X -> Prop) : Prop :=
  forall w x, In (w, x) D -> 0 < w -> P x.
(* An outcome of D, and then one of what that outcome leads to. *)
Definition followed_by {X Y} (D : distribution X) (next : X -> distribution Y) : distribution Y :=
  flat_map (fun wx => map (fun vy => (fst wx * fst vy, snd vy)) (next (snd wx))) D.

(* -------------------------------------------------------------------------------- samples, S1 *)

Definition sample := nat -> R.
Definition nothing : sample := fun _ => 0.
Definition with_point (i : nat) (z : sample) : sample :=
  fun k => if Nat.eq_dec k i then z k + 1 else z k.
Definition together (y z : sample) : sample := fun k => y k + z k.

(* q i is how often point i is drawn on average. *)
Definition includes n (q : nat -> R) (D : distribution sample) : Prop :=
  forall i, (i < n)%nat -> expectation D (fun z => z i) = q i.
(* Samples without replacement with inclusion probabilities q. *)
Definition exact n q (D : distribution sample) : Prop :=
  proper D /\ surely D (fun z => forall i, (i < n)%nat -> z i = 0 \/ z i = 1) /\ includes n q D.
(* The size is the sum of q, or where this is not whole one of the two whole numbers beside it. *)
Definition sized n q (D : distribution sample) : Prop :=
  surely D (fun z => Rabs (sum n z - sum n q) < 1)
  /\ forall k, sum n q = INR k -> surely D (fun z => sum n z = INR k).

(* In the mean a sample earns what its inclusion probabilities do; so a max-min q keeps its
   guarantee against every l that does not depend on the sample. *)
Definition S1_mean_statement : Prop :=
  forall n g s q D, proper D -> includes n q D ->
  (forall l, expectation D (fun z => payoff n g s z l) = payoff n g s q l)
  /\ forall Q L l v, saddle Q L (payoff n g s) q l v ->
     forall l', L l' -> v <= expectation D (fun z => payoff n g s z l').

Definition S1_existence_statement : Prop :=
  forall n q, unit_box n q -> exists D, exact n q D /\ sized n q D.

(* A random choice among distributions with the same inclusion probabilities, say among orders. *)
Definition S1_mixture_statement : Prop :=
  forall X n q (orders : distribution X) (D : X -> distribution sample), proper orders ->
  (forall w x, In (w, x) orders -> exact n q (D x)) -> exact n q (followed_by orders D).

(* Points taken in another order: its place i holds point sigma i. *)
Definition reordered (tau : nat -> nat) (D : distribution sample) : distribution sample :=
  map (fun wz => (fst wz, fun i => snd wz (tau i))) D.
Definition S1_order_statement : Prop :=
  forall n q D sigma tau, permutation n sigma tau ->
  let q' i := q (sigma i) in
  (exact n q' D -> exact n q (reordered tau D)) /\ (sized n q' D -> sized n q (reordered tau D)).

(* b draws from p with replacement. *)
Fixpoint replaced n (p : nat -> R) (b : nat) : distribution sample :=
  match b with
  | O => [(1, nothing)]
  | S k => followed_by (replaced n p k)
             (fun z => map (fun i => (p i, with_point i z)) (seq 0 n))
  end.
Definition S1_replaced_statement : Prop :=
  forall n p b, forced n 1 p ->
  proper (replaced n p b) /\ includes n (fun i => INR b * p i) (replaced n p b)
  /\ surely (replaced n p b) (fun z => sum n z = INR b).

(* b weighted draws one by one, each among the points that are left. *)
Fixpoint one_by_one n (p : nat -> R) (b : nat) : distribution sample :=
  match b with
  | O => [(1, nothing)]
  | S k => followed_by (one_by_one n p k)
             (fun z => let rest i := (1 - z i) * p i in
                map (fun i => (rest i / sum n rest, with_point i z)) (seq 0 n))
  end.
(* They do not have the inclusion probabilities b*p, and the guarantee fails: b = 2,
   p = (1/2, 1/4, 1/4), g = (1, 2, 2), h = 0, m = 2. *)
Definition halves (i : nat) : R := match i with 0%nat => 1 / 2 | _ => 1 / 4 end.
Definition one_two_two (i : nat) : R := match i with 0%nat => 1 | _ => 2 end.
Definition S1_one_by_one_statement : Prop :=
  let q i := 2 * halves i in
  let D := one_by_one 3 halves 2 in
  let U := payoff 3 one_two_two (stake one_two_two (fun _ => 0)) in
  let l i := match i with 0%nat => 0 | _ => 1 end in
  proper D /\ surely D (fun z => sum 3 z = 2)
  /\ q 0%nat = 1 /\ expectation D (fun z => z 0%nat) = 5 / 6
  /\ saddle (capped 3 2) (mistakes 3 2) U q l 1
  /\ expectation D (fun z => U z l) = 5 / 6.

(* ------------------------------------------------------------------------------- systematic, S1 *)

(* How many of the points u, u + 1, u + 2, ... lie before e, for 0 <= u < 1. *)
Definition marks (e u : R) : R :=
  IZR (Int_part e) + if Rlt_dec u (frac_part e) then 1 else 0.
(* The probabilities laid end to end; point i is drawn if one of u, u + 1, ... lies on it. *)
Definition taken (q : nat -> R) (u : R) : sample :=
  fun i => marks (sum (S i) q) u - marks (sum i q) u.
(* The starts 0 <= u < 1 cut into intervals [a, b) at the fractional parts of the ends. *)
Fixpoint cut (c : R) (pieces : list (R * R)) : list (R * R) :=
  match pieces with
  | [] => []
  | (a, b) :: rest =>
      if Rlt_dec a c then if Rlt_dec c b then (a, c) :: (c, b) :: cut c rest
                          else (a, b) :: cut c rest
      else (a, b) :: cut c rest
  end.
Fixpoint starts (n : nat) (q : nat -> R) : list (R * R) :=
  match n with
  | O => [(0, 1)]
  | S k => cut (frac_part (sum (S k) q)) (starts k q)
  end.
Definition systematic n q : distribution sample :=
  map (fun ab => (snd ab - fst ab, taken q (fst ab))) (starts n q).

(* The intervals are all starts, each leads to one sample, and the design is exact. *)
Definition S1_systematic_statement : Prop :=
  forall n q, unit_box n q ->
  (forall a b, In (a, b) (starts n q) -> 0 <= a < b /\ b <= 1)
  /\ (forall u, 0 <= u < 1 -> exists a b, In (a, b) (starts n q) /\ a <= u < b)
  /\ (forall a b u i, In (a, b) (starts n q) -> a <= u < b -> (i < n)%nat ->
        taken q u i = taken q a i)
  /\ exact n q (systematic n q) /\ sized n q (systematic n q).

(* ----------------------------------------------------------------- the pivotal method, S1 and S3 *)

(* The order of the fights, any tree. *)
Inductive bracket := Point (i : nat) | Fight (one two : bracket).
Fixpoint points (T : bracket) : list nat :=
  match T with Point i => [i] | Fight one two => points one ++ points two end.
Definition quotient (x y : R) : R := if Rlt_dec 0 y then x / y else 0.

(* i and j fight with probabilities c and d; beside the one that goes on stands who is in. *)
Definition fight (c d : R) (one two : nat * sample) : distribution (nat * sample) :=
  let (i, y) := one in
  let (j, z) := two in
  if Rlt_dec (c + d) 1 then
    let x := quotient c (c + d) in
    [(x, (i, together y z)); (1 - x, (j, together y z))]
  else
    let x := quotient (1 - c) (2 - (c + d)) in
    [(x, (i, with_point j (together y z))); (1 - x, (j, with_point i (together y z)))].
(* The probability with which the winner goes on: c + d, or c + d - 1 where one is in. *)
Fixpoint carried (q : nat -> R) (T : bracket) : R :=
  match T with
  | Point i => q i
  | Fight one two =>
      let a := carried q one + carried q two in if Rlt_dec a 1 then a else a - 1
  end.
Fixpoint winner (q : nat -> R) (T : bracket) : distribution (nat * sample) :=
  match T with
  | Point i => [(1, (i, nothing))]
  | Fight one two =>
      followed_by (winner q one) (fun a =>
        followed_by (winner q two) (fun b => fight (carried q one) (carried q two) a b))
  end.
Definition pivotal (q : nat -> R) (T : bracket) : distribution sample :=
  followed_by (winner q T) (fun a =>
    [(carried q T, with_point (fst a) (snd a)); (1 - carried q T, snd a)]).
(* Each of the points 0 .. n-1 enters once. *)
Definition complete (n : nat) (T : bracket) : Prop := Permutation (points T) (seq 0 n).

Definition S1_pivotal_statement : Prop :=
  forall n q T, unit_box n q -> complete n T ->
  exact n q (pivotal q T) /\ sized n q (pivotal q T).

(* ------------------------------------------------------------------------ negative association, S3 *)

(* f depends on the points of A only, and does not fall in any of them. *)
Definition rising (A : nat -> bool) (f : sample -> R) : Prop :=
  forall y z, (forall i, A i = true -> y i <= z i) -> f y <= f z.
Definition disjoint (A B : nat -> bool) : Prop := forall i, A i = true -> B i = false.
Definition negatively_associated (D : distribution sample) : Prop :=
  forall A B f g, disjoint A B -> rising A f -> rising B g ->
  expectation D (fun z => f z * g z) <= expectation D f * expectation D g.

Definition S3_association_statement : Prop :=
  forall n q T, unit_box n q -> complete n T -> negatively_associated (pivotal q T).

Fixpoint product (n : nat) (f : nat -> R) : R :=
  match n with O => 1 | S k => product k f * f k end.
(* All points of A are drawn, or none: no likelier than with independent draws. *)
Definition S3_products_statement : Prop :=
  forall n q D (A : nat -> bool), exact n q D -> negatively_associated D ->
  expectation D (fun z => product n (fun i => if A i then z i else 1))
    <= product n (fun i => if A i then q i else 1)
  /\ expectation D (fun z => product n (fun i => if A i then 1 - z i else 1))
    <= product n (fun i => if A i then 1 - q i else 1).

Definition one_signed (n : nat) (w : nat -> R) : Prop :=
  nonneg n w \/ nonneg n (fun i => - w i).
Definition fractional (q f : nat -> R) (i : nat) : R :=
  if Rlt_dec 0 (q i) then if Rlt_dec (q i) 1 then f i else 0 else 0.
Definition total n (w : nat -> R) (z : sample) : R := sum n (fun i => w i * z i).
Definition chance_at_most {X} (D : distribution X) (Z : X -> R) (x : R) : R :=
  expectation D (fun z => if Rle_dec (Z z) x then 1 else 0).

(* The weights may be shifted by a constant c where the size is fixed. *)
Definition S3_tail_statement : Prop :=
  forall n q D w c t, exact n q D -> negatively_associated D -> 0 <= t ->
  one_signed n (fun i => w i + c) -> (c = 0 \/ exists k, surely D (fun z => sum n z = k)) ->
  let V := sum n (fractional q (fun i => (w i + c)^2)) in
  0 < V ->
  chance_at_most D (total n w) (total n w q - t) <= exp (- (2 * t^2 / V)).

(* The pivotal method with any random order of its fights keeps this bound. *)
Definition S3_pivotal_statement : Prop :=
  forall n q (orders : distribution bracket) w c t, unit_box n q ->
  proper orders -> (forall v T, In (v, T) orders -> complete n T) -> 0 <= t ->
  one_signed n (fun i => w i + c) -> (c = 0 \/ exists k, sum n q = INR k) ->
  let V := sum n (fractional q (fun i => (w i + c)^2)) in
  0 < V ->
  chance_at_most (followed_by orders (pivotal q)) (total n w) (total n w q - t)
    <= exp (- (2 * t^2 / V)).

(* And the bounds of products. *)
Definition S3_orders_statement : Prop :=
  forall n q (orders : distribution bracket) (A : nat -> bool), unit_box n q ->
  proper orders -> (forall v T, In (v, T) orders -> complete n T) ->
  let D := followed_by orders (pivotal q) in
  expectation D (fun z => product n (fun i => if A i then z i else 1))
    <= product n (fun i => if A i then q i else 1)
  /\ expectation D (fun z => product n (fun i => if A i then 1 - z i else 1))
    <= product n (fun i => if A i then 1 - q i else 1).

(* ---------------------------------------------------------------------------------- rounds, S5 *)

(* The samples of the rounds so far, the last one first; its length is the number of the round.
   Everything in a round may depend on it: the pool, the game, the design, and the mistakes. *)
Definition history := list sample.
Fixpoint played (T : nat) (draw : history -> distribution sample) : distribution history :=
  match T with
  | O => [(1, [])]
  | S k => followed_by (played k draw) (fun past =>
             map (fun wz => (fst wz, snd wz :: past)) (draw past))
  end.
Fixpoint earned (gain : history -> sample -> R) (h : history) : R :=
  match h with [] => 0 | z :: past => earned gain past + gain past z end.

(* q past is max-min in the game of its round, of value v past. *)
Definition S5_statement : Prop :=
  forall T n g s q l (Q L : history -> strategies) v draw,
  (forall past, (length past < T)%nat ->
     let U := payoff (n past) (g past) (s past) in
     proper (draw past) /\ includes (n past) (q past) (draw past)
     /\ (exists l', saddle (Q past) (L past) U (q past) l' (v past)) /\ L past (l past)) ->
  let gain past z := payoff (n past) (g past) (s past) z (l past) in
  expectation (played T draw) (earned (fun past _ => v past))
    <= expectation (played T draw) (earned gain)
  /\ forall V : nat -> R, (forall past, (length past < T)%nat -> v past = V (length past)) ->
     sum T V <= expectation (played T draw) (earned gain).
