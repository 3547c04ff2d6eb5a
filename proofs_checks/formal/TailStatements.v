(* What is proved of regret with b queries (N3), of tails (N6) and of an unknown m (N7).  To be
   audited with Statements.v, whose definitions it uses: definitions, and each theorem as a
   proposition. *)
Require Import Reals.
From Radsim Require Import Statements.
Open Scope R_scope.

(* --------------------------------------------- regret against the best b points, N3 *)

(* l marks j of the first b + j points and m at most in all: the b-th right point is the last of
   them.  Of all such l the largest last two sums are those of the j largest q s - g before that
   place, and of the m - j largest q s behind it. *)
Definition placed n b m (j : nat) (l : nat -> R) : Prop :=
  (j <= m)%nat /\ marked n m l /\ sum (b + j) l = INR j.
Definition behind n b (j : nat) (f : nat -> R) : R := sum n f - sum (b + j) f.
Definition place_regret n b (g s q : nat -> R) (j : nat) (l : nat -> R) : R :=
  sum (b + j) g - sum n (fun i => q i * g i)
  + sum (b + j) (fun i => l i * (q i * s i - g i))
  + behind n b j (fun i => l i * (q i * s i)).

(* R(q): the largest regret over mistakes l and over the choices u of b points in hindsight is the
   largest over the places, for any q at all. *)
Definition N3_places_statement : Prop :=
  forall n g h q m b, pool n g h -> descending n g -> (b + m <= n)%nat ->
  let s := stake g h in
  forall r,
  (forall l u, marked n m l -> capped n (INR b) u ->
     payoff n g s u l - payoff n g s q l <= r)
  <-> (forall j l, placed n b m j l -> place_regret n b g s q j l <= r).

(* Each place is attained: its choice of points are the right ones among the first b + j. *)
Definition N3_attained_statement : Prop :=
  forall n g h q m b j l, pool n g h -> (b + m <= n)%nat ->
  let s := stake g h in
  placed n b m j l ->
  exists u, capped n (INR b) u
    /\ place_regret n b g s q j l = payoff n g s u l - payoff n g s q l.

(* A row of the linear program for R*: two prices bound every reply at a place. *)
Definition N3_prices_statement : Prop :=
  forall n b m j g s q l alpha beta, (b + m <= n)%nat -> 0 <= beta ->
  placed n b m j l ->
  place_regret n b g s q j l
  <= sum (b + j) g - sum n (fun i => q i * g i)
     + INR j * alpha + sum (b + j) (fun i => pos (q i * s i - g i - alpha))
     + (INR m - INR j) * beta + behind n b j (fun i => pos (q i * s i - beta)).

(* ------------------------------------------------------------- tails of a draw, N6 *)

(* Draw k of K has probability P k and takes point i x k i times. *)
Definition draw_law (K : nat) (P : nat -> R) : Prop := nonneg K P /\ sum K P = 1.
Definition included (K : nat) (P : nat -> R) (x : nat -> nat -> R) (i : nat) : R :=
  sum K (fun k => P k * x k i).
(* Some cases of total probability a; a times their mean of Z. *)
Definition cases (K : nat) (P : nat -> R) (a : R) (w : nat -> R) : Prop :=
  (forall k, (k < K)%nat -> 0 <= w k <= P k) /\ sum K w = a.
Definition total (K : nat) (w Z : nat -> R) : R := sum K (fun k => w k * Z k).

(* a = 1: every law with the same inclusion probabilities has the mean U(q, l). *)
Definition N6_mean_statement : Prop :=
  forall n K g s l P x w, draw_law K P -> cases K P 1 w ->
  total K w (fun k => payoff n g s (x k) l) = payoff n g s (included K P x) l.

(* No law keeps its worst share above the mean, and none falls below it by more than this. *)
Definition N6_between_statement : Prop :=
  forall n K g s l P x a most, draw_law K P -> 0 < a <= 1 ->
  let Z := fun k => payoff n g s (x k) l in
  let U := payoff n g s (included K P x) l in
  (forall k, (k < K)%nat -> Z k <= most) ->
  (exists w, cases K P a w /\ total K w Z / a <= U)
  /\ forall w, cases K P a w -> (U - (1 - a) * most) / a <= total K w Z / a.

(* Any level bounds the worst share from below; some level and cases meet. *)
Definition N6_level_statement : Prop :=
  forall K P Z a w eta, 0 < a -> cases K P a w ->
  eta - sum K (fun k => P k * pos (eta - Z k)) / a <= total K w Z / a.

(* ------------------------------------------------- two worlds that look the same, N7 *)

(* A rule sees x < K, of probability P0 x in one world and P1 x in the other; there are then m0 x
   or m1 x mistakes, and it plays q x.  `both x` bounds what one design can guarantee in the two
   worlds together. *)
Definition N7_two_worlds_statement : Prop :=
  forall K n (Q : strategies) g s (P0 P1 m0 m1 v0 v1 w0 w1 both : nat -> R) q,
  nonneg K P0 -> nonneg K P1 ->
  let U := payoff n g s in
  (forall x, (x < K)%nat ->
     Q (q x) /\ value Q (mistakes n (m0 x)) U (v0 x) /\ value Q (mistakes n (m1 x)) U (v1 x)
     /\ worst (mistakes n (m0 x)) U (q x) (w0 x) /\ worst (mistakes n (m1 x)) U (q x) (w1 x)
     /\ (forall p a b, Q p -> worst (mistakes n (m0 x)) U p a ->
           worst (mistakes n (m1 x)) U p b -> a + b <= both x)) ->
  sum K (fun x => Rmin (P0 x) (P1 x) * (v0 x + v1 x - both x)) / 2
  <= Rmax (sum K (fun x => P0 x * (v0 x - w0 x))) (sum K (fun x => P1 x * (v1 x - w1 x))).

(* Where a mistake costs at least the gain, `both` is twice the value of the mean number. *)
Definition N7_mean_statement : Prop :=
  forall n g h m0 m1 b lam q w0 w1, pool n g h ->
  (forall i, (i < n)%nat -> g i <= h i) -> 0 <= m0 <= m1 ->
  let s := stake g h in
  level n g s ((m0 + m1) / 2) lam -> 0 < lam -> uncapped n b q ->
  worst (mistakes n m0) (payoff n g s) q w0 -> worst (mistakes n m1) (payoff n g s) q w1 ->
  w0 + w1 <= 2 * (b * lam).
