(* Teachers beyond the game of Statements.v: errors of any size (N4), several teachers at a price
   (N5).  This file is to be audited with Statements.v, whose words it uses: pool, stake, level,
   shaved, supported, uncapped, mistakes, payoff, value, greatest. *)
Require Import Reals List.
From Radsim Require Import Statements.
Open Scope R_scope.

(* ---------------------------------------------------------------------- N4: errors of any size *)

(* A law on sizes in [0,1]: finitely many atoms (weight, size). *)
Definition sizes := list (R * R).
Fixpoint expect (mu : sizes) (f : R -> R) : R :=
  match mu with
  | nil => 0
  | cons (w, x) rest => w * f x + expect rest f
  end.
Definition size_law (mu : sizes) : Prop :=
  (forall w x, In (w, x) mu -> 0 <= w /\ 0 <= x <= 1) /\ expect mu (fun _ => 1) = 1.
Definition mean_size (mu : sizes) : R := expect mu (fun x => x).

(* What an error of size x costs, as a share of the stake. *)
Definition damage (phi : R -> R) : Prop :=
  phi 0 = 0 /\ phi 1 = 1 /\ forall x y, 0 <= x -> x <= y -> y <= 1 -> phi x <= phi y.

(* The teacher chooses a law for each point; the sizes add up to m at most on average. *)
Definition deviations (n : nat) (m : R) (mu : nat -> sizes) : Prop :=
  (forall i, (i < n)%nat -> size_law (mu i)) /\ sum n (fun i => mean_size (mu i)) <= m.
Definition soft_payoff (n : nat) (g s : nat -> R) (phi : R -> R) (q : nat -> R)
  (mu : nat -> sizes) : R :=
  sum n (fun i => q i * (g i - s i * expect (mu i) phi)).
Definition soft_saddle n b m g s phi q mu v : Prop :=
  uncapped n b q /\ deviations n m mu
  /\ (forall mu', deviations n m mu' -> v <= soft_payoff n g s phi q mu')
  /\ (forall q', uncapped n b q' -> soft_payoff n g s phi q' mu <= v).
Definition soft_value n b m g s phi v : Prop := exists q mu, soft_saddle n b m g s phi q mu v.

(* The concave envelope: concave, nowhere below phi, and reached by mixtures of two sizes. *)
Definition concave (f : R -> R) : Prop :=
  forall x y t, 0 <= x <= 1 -> 0 <= y <= 1 -> 0 <= t <= 1 ->
    t * f x + (1 - t) * f y <= f (t * x + (1 - t) * y).
Definition convex (f : R -> R) : Prop := concave (fun x => - f x).
Definition mixed (phi : R -> R) (x y : R) : Prop :=
  exists u v t, 0 <= u <= 1 /\ 0 <= v <= 1 /\ 0 <= t <= 1
    /\ t * u + (1 - t) * v = x /\ t * phi u + (1 - t) * phi v = y.
Definition envelope (phi env : R -> R) : Prop :=
  concave env /\ forall x, 0 <= x <= 1 -> phi x <= env x /\ mixed phi x (env x).
(* psi y is the least size at which the envelope reaches y. *)
Definition inverse (env psi : R -> R) : Prop :=
  forall y, 0 <= y <= 1 -> 0 <= psi y <= 1 /\ env (psi y) = y
    /\ forall x, 0 <= x <= 1 -> y <= env x -> psi y <= x.
(* The level of N4. *)
Definition soft_level n (g s : nat -> R) (psi : R -> R) m lam : Prop :=
  sum n (fun i => psi (shaved g s lam i)) = m /\ exists i, (i < n)%nat /\ lam <= g i.

(* q in proportion to a slope of psi over the stake; two sizes a point for the teacher. *)
Definition slope (psi : R -> R) (y d : R) : Prop :=
  0 <= d /\ forall z, 0 <= z <= 1 -> psi y + d * (z - y) <= psi z.
Definition N4_saddle_statement : Prop :=
  forall n g h m b phi env psi lam d, pool n g h -> 0 <= b ->
  let s := stake g h in
  damage phi -> envelope phi env -> inverse env psi ->
  soft_level n g s psi m lam -> 0 < lam ->
  (forall i, (i < n)%nat -> slope psi (shaved g s lam i) (d i)) ->
  let w := supported g lam (fun i => d i / s i) in
  0 < sum n w ->
  exists mu, soft_saddle n b m g s phi (fun i => b * (w i / sum n w)) mu (b * lam)
    /\ forall i, (i < n)%nat ->
         length (mu i) = 2%nat /\ mean_size (mu i) = psi (shaved g s lam i)
         /\ expect (mu i) phi = shaved g s lam i.

(* Such slopes exist. *)
Definition N4_value_statement : Prop :=
  forall n g h m b phi env psi lam, pool n g h -> 0 <= b -> 0 < m ->
  let s := stake g h in
  damage phi -> envelope phi env -> inverse env psi ->
  soft_level n g s psi m lam -> 0 < lam ->
  soft_value n b m g s phi (b * lam).

(* Without a positive root the value is 0. *)
Definition N4_zero_statement : Prop :=
  forall n g h m b phi env psi, pool n g h -> 0 <= b ->
  let s := stake g h in
  damage phi -> envelope phi env -> inverse env psi ->
  sum n (fun i => psi (g i / s i)) <= m ->
  soft_value n b m g s phi 0.

(* Convex damage is V1, whatever its shape: its envelope is straight. *)
Definition N4_convex_statement : Prop :=
  forall phi, damage phi -> convex phi ->
  envelope phi (fun x => x) /\ inverse (fun x => x) (fun y => y)
  /\ forall n g h m b lam, pool n g h -> 0 <= b ->
       let s := stake g h in
       level n g s m lam -> 0 < lam -> soft_value n b m g s phi (b * lam).

(* No damage is worth more to the learner than the plain game. *)
Definition N4_worse_statement : Prop :=
  forall n g s m b phi v v', damage phi ->
  soft_value n b m g s phi v ->
  value (uncapped n b) (mistakes n m) (payoff n g s) v' -> v <= v'.

(* The values are unique. *)
Definition N4_unique_statement : Prop :=
  forall n g s m b phi v v', soft_value n b m g s phi v -> soft_value n b m g s phi v' -> v = v'.

(* Where it is not, there is one: with N4_value this is the whole of N4. *)
Definition N4_level_statement : Prop :=
  forall n g h m phi env psi, pool n g h -> 0 < m ->
  let s := stake g h in
  damage phi -> envelope phi env -> inverse env psi ->
  m < sum n (fun i => psi (g i / s i)) ->
  exists lam, 0 < lam /\ soft_level n g s psi m lam
    /\ forall x, 0 < x -> soft_level n g s psi m x -> x = lam.

(* What is straight between finitely many points has an envelope, and that has an inverse.  So the
   hypotheses above are met by every such profile. *)
Definition grid (k : nat) (x : nat -> R) : Prop :=
  x 0%nat = 0 /\ x k = 1 /\ forall j, (j < k)%nat -> x j < x (S j).
Definition straight (k : nat) (x : nat -> R) (phi : R -> R) : Prop :=
  forall j z, (j < k)%nat -> x j <= z <= x (S j) ->
    (x (S j) - x j) * phi z = (x (S j) - z) * phi (x j) + (z - x j) * phi (x (S j)).
Definition N4_grid_statement : Prop :=
  forall k x phi, damage phi -> grid k x -> straight k x phi ->
  exists env psi, envelope phi env /\ inverse env psi
    /\ forall z, 0 <= z <= 1 -> exists i j t, (i <= k)%nat /\ (j <= k)%nat /\ 0 <= t <= 1
         /\ t * x i + (1 - t) * x j = z /\ t * phi (x i) + (1 - t) * phi (x j) = env z.

(* ------------------------------------------------------------- N5: several teachers at a price *)

(* Teachers 0 .. k-1; teacher t costs c t a query and errs on m t points at most.  q t i: expected
   queries of point i from teacher t, with replacement, for b in all. *)
Definition bought (k n : nat) (c : nat -> R) (b : R) (q : nat -> nat -> R) : Prop :=
  (forall t, (t < k)%nat -> nonneg n (q t)) /\ sum k (fun t => c t * sum n (q t)) <= b.
Definition erring (k n : nat) (m : nat -> R) (l : nat -> nat -> R) : Prop :=
  forall t, (t < k)%nat -> mistakes n (m t) (l t).
Definition market_payoff (k n : nat) (g s : nat -> R) (q l : nat -> nat -> R) : R :=
  sum k (fun t => payoff n g s (q t) (l t)).
Definition market_saddle k n g s c m b q l v : Prop :=
  bought k n c b q /\ erring k n m l
  /\ (forall l', erring k n m l' -> v <= market_payoff k n g s q l')
  /\ (forall q', bought k n c b q' -> market_payoff k n g s q' l <= v).

(* lam t is the root of sum (g - c lam)+ / s = m of teacher t.  One teacher is enough. *)
Definition N5_route_statement : Prop :=
  forall k n g h c m b lam top, pool n g h -> 0 <= b ->
  let s := stake g h in
  (forall t, (t < k)%nat -> 0 < c t /\ 0 <= m t /\ level n g s (m t) (c t * lam t)) ->
  greatest k lam top ->
  exists q l u, market_saddle k n g s c m b q l (b * Rmax 0 top)
    /\ (u < k)%nat /\ lam u = top /\ forall t i, t <> u -> q t i = 0.

(* Half of k teachers, rounded up: as many wrong votes as a wrong majority needs. *)
Definition half (k : nat) : nat := Nat.div2 (S k).
(* w t i = 1: teacher t is wrong on i.  y i = 1: so is the majority. *)
Definition zero_one (x : R) : Prop := x = 0 \/ x = 1.
Definition majority (k n : nat) (w : nat -> nat -> R) (y : nat -> R) : Prop :=
  forall i, (i < n)%nat -> y i = 0 \/ (y i = 1 /\ INR (half k) <= sum k (fun t => w t i)).
Definition N5_majority_statement : Prop :=
  forall k n w y m, (0 < k)%nat ->
  (forall t i, (t < k)%nat -> (i < n)%nat -> zero_one (w t i)) ->
  (forall t, (t < k)%nat -> sum n (w t) <= m t) ->
  majority k n w y -> sum n y <= sum k m / INR (half k).

(* The bound of a vote is no less than that of its best member. *)
Definition N5_bound_statement : Prop :=
  forall k m u, (u < k)%nat -> (forall t, (t < k)%nat -> 0 <= m u <= m t) ->
  m u <= INR k * m u / INR (half k) <= sum k m / INR (half k).

(* A vote of all, at the sum of their prices, guarantees no more than one teacher does. *)
Definition N5_vote_statement : Prop :=
  forall k n g h c m lam top x, pool n g h ->
  let s := stake g h in
  (forall t, (t < k)%nat -> 0 < c t /\ 0 <= m t /\ level n g s (m t) (c t * lam t)) ->
  greatest k lam top ->
  level n g s (sum k m / INR (half k)) (sum k c * x) ->
  Rmax 0 x <= Rmax 0 top.

(* ------------------------------------------------------- A5: where the hedge of a mixture is off *)

(* With weight w the teacher errs on every point with probability r, else it is an adversary with m
   mistakes; a wrong label costs h; b points are asked about, without replacement. *)
Definition mixed_gain (g : nat -> R) (h w r : R) (i : nat) : R := (1 - w * r) * g i - w * r * h.
Definition mixed_stake (g : nat -> R) (h w : R) (i : nat) : R := (1 - w) * (g i + h).
Definition drawn (n b : nat) (q : nat -> R) : Prop := unit_box n q /\ sum n q = INR b.
Definition first (b i : nat) : R := if Compare_dec.lt_dec i b then 1 else 0.
(* Divided through by 1 - w r these are the terms of THEORY with kappa = (1 - w) / (1 - w r). *)
Definition certain (n b : nat) (g : nat -> R) (h w r : R) : R :=
  sum n (fun i =>
    if Compare_dec.lt_dec i b then 1
    else pos ((1 - w) * (g (pred b) + h) - (1 - w * r) * (g (pred b) - g i))
         / mixed_stake g h w i).

(* The b largest gains are taken surely from that many mistakes on, and not for fewer. *)
Definition A5_certain_statement : Prop :=
  forall n b g h w r m, (1 <= b <= n)%nat -> nonneg n g -> descending n g -> 0 < h ->
  0 <= w < 1 -> 0 <= r <= 1 ->
  let U := payoff n (mixed_gain g h w r) (mixed_stake g h w) in
  (certain n b g h w r <= m ->
     exists l v, saddle (drawn n b) (mistakes n m) U (first b) l v)
  /\ (INR b <= m < certain n b g h w r ->
       forall l v, ~ saddle (drawn n b) (mistakes n m) U (first b) l v).

(* One error rate for both, m = r n: once it is so, it is so at every higher rate; at 1 it is. *)
Definition A5_rate_statement : Prop :=
  forall n b g h w r r', (1 <= b <= n)%nat -> nonneg n g -> descending n g -> 0 < h ->
  0 <= w < 1 -> 0 <= r -> r <= r' -> r' <= 1 ->
  (certain n b g h w r <= r * INR n -> certain n b g h w r' <= r' * INR n)
  /\ certain n b g h w 1 = 1 * INR n.
