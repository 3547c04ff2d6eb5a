(* What is proved of draws, of limits from validation points, of Hedge and of committees: the
   definitions and each theorem as a proposition.  To be audited with Statements.v; ids as in
   THEORY.md. *)
Require Import Reals List Arith Bool.
From Radsim Require Import Statements.
Import ListNotations.
Open Scope R_scope.

(* --------------------------------------------------------------- draws with replacement: S2 *)

(* A law on the points 0 .. n-1 is p with forced n 1 p: p >= 0, sum n p = 1. *)
Definition average (n : nat) (p x : nat -> R) : R := sum n (fun i => p i * x i).

Definition hoeffding_lemma_statement : Prop :=
  forall n p x low high t, forced n 1 p ->
  (forall i, (i < n)%nat -> 0 < p i -> low <= x i <= high) ->
  average n p (fun i => exp (t * (x i - average n p x))) <= exp (t ^ 2 * (high - low) ^ 2 / 8).

(* The mean of F over k independent draws from p, written as the list of the points drawn. *)
Fixpoint over_draws (n : nat) (p : nat -> R) (k : nat) (F : list nat -> R) : R :=
  match k with
  | 0%nat => F []
  | S j => sum n (fun i => p i * over_draws n p j (fun drawn => F (i :: drawn)))
  end.
Definition total (x : nat -> R) (drawn : list nat) : R := fold_right Rplus 0 (map x drawn).
(* The probability that the mean of k draws of x is at most y. *)
Definition chance_below n p k (x : nat -> R) (y : R) : R :=
  over_draws n p k (fun drawn => if Rle_dec (total x drawn / INR k) y then 1 else 0).

Definition hoeffding_draws_statement : Prop :=
  forall n p x low high k t, forced n 1 p ->
  (forall i, (i < n)%nat -> 0 < p i -> low <= x i <= high) ->
  low < high -> (0 < k)%nat -> 0 <= t ->
  chance_below n p k x (average n p x - t) <= exp (- (2 * INR k * t ^ 2 / (high - low) ^ 2)).

(* x i is the robust gain of point i; top and worst bound g and h on the support of p. *)
Definition S2_statement : Prop :=
  forall n g h p l k t top worst, pool n g h -> forced n 1 p -> unit_box n l ->
  (forall i, (i < n)%nat -> 0 < p i -> g i <= top /\ h i <= worst) ->
  (0 < k)%nat -> 0 <= t ->
  let s := stake g h in
  let x i := g i - s i * l i in
  chance_below n p k x (payoff n g s p l - t)
  <= exp (- (2 * INR k * t ^ 2 / (top + worst) ^ 2)).

(* ------------------------------------------------------- the limit from validation points: S4 *)

(* The subsets of v of the points 0 .. N-1, all equally likely. *)
Fixpoint subsets (N v : nat) : list (list nat) :=
  match v, N with
  | 0%nat, _ => [[]]
  | S _, 0%nat => []
  | S u, S k => subsets k v ++ map (cons k) (subsets k u)
  end.
Definition chance (N v : nat) (A : list nat -> bool) : R :=
  INR (length (filter A (subsets N v))) / INR (length (subsets N v)).
Definition hits (wrong : nat -> bool) (V : list nat) : nat := length (filter wrong V).
Definition all_hits (N : nat) (wrong : nat -> bool) : nat := hits wrong (seq 0 N).

Fixpoint choose (n k : nat) : nat :=
  match k, n with
  | 0%nat, _ => 1
  | S _, 0%nat => 0
  | S j, S a => choose a k + choose a j
  end.
(* The hypergeometric distribution function at k <= v, for M wrong of N points and v drawn. *)
Fixpoint ways (N M v k : nat) : nat :=
  choose M k * choose (N - M) (v - k) + match k with 0%nat => 0 | S j => ways N M v j end.
Definition hypergeometric (N M v k : nat) : R := INR (ways N M v k) / INR (choose N v).

(* It is the law of the number of mistakes seen, whichever M points are wrong. *)
Definition S4_law_statement : Prop :=
  forall N v k wrong, (k <= v)%nat -> (v <= N)%nat ->
  chance N v (fun V => hits wrong V <=? k)%nat = hypergeometric N (all_hits N wrong) v k.

Definition S4_monotone_statement : Prop :=
  forall N M v k, (M < N)%nat -> (k <= v)%nat -> (v <= N)%nat ->
  hypergeometric N (S M) v k <= hypergeometric N M v k.

(* The limit on the mistakes of the n points of the pool after k were seen on v others. *)
Definition upper_limit (n v k : nat) (delta : R) (m : nat) : Prop :=
  (m <= n)%nat /\ delta < hypergeometric (n + v) (k + m) v k
  /\ forall M, (k + m < M)%nat -> (M <= k + n)%nat -> hypergeometric (n + v) M v k <= delta.

Definition S4_limit_statement : Prop :=
  forall n v k delta, (k <= v)%nat -> delta < 1 ->
  exists m, upper_limit n v k delta m /\ forall m', upper_limit n v k delta m' -> m' = m.

(* All the mistakes, less those seen, are at most the limit: with probability 1 - delta. *)
Definition S4_coverage_statement : Prop :=
  forall n v delta limit wrong, 0 <= delta ->
  (forall k, (k <= v)%nat -> upper_limit n v k delta (limit k)) ->
  1 - delta <= chance (n + v) v
    (fun V => all_hits (n + v) wrong <=? hits wrong V + limit (hits wrong V))%nat.

(* The mistakes on the pool, which is what was not drawn. *)
Definition elsewhere (wrong : nat -> bool) (V : list nat) (i : nat) : R :=
  if (wrong i && negb (existsb (Nat.eqb i) V))%bool then 1 else 0.
(* The design and its guarantee may depend on the draw and on what was seen. *)
Definition S4_guarantee_statement : Prop :=
  forall n v delta limit wrong g s (q : list nat -> nat -> R) (sure : list nat -> R), 0 <= delta ->
  (forall k, (k <= v)%nat -> upper_limit n v k delta (limit k)) ->
  (forall V l, In V (subsets (n + v) v) ->
     mistakes (n + v) (INR (limit (hits wrong V))) l -> (forall i, In i V -> l i = 0) ->
     sure V <= payoff (n + v) g s (q V) l) ->
  1 - delta <= chance (n + v) v (fun V =>
    if Rle_dec (sure V) (payoff (n + v) g s (q V) (elsewhere wrong V)) then true else false).

(* ---------------------------------------------------------------------------------- Hedge: S6 *)

(* l t is the teacher's reply in round t; what each point earned in the rounds before t. *)
Definition score (g s : nat -> R) (l : nat -> nat -> R) (t i : nat) : R :=
  sum t (fun r => g i - s i * l r i).
(* The learner's design in round t.  A number taken from all scores would change nothing. *)
Definition hedge n g s l (rate : R) (t i : nat) : R :=
  exp (rate * score g s l t i) / sum n (fun j => exp (rate * score g s l t j)).
Definition step (width L : R) (T : nat) : R := sqrt (8 * L / INR T) / width.
Definition mean_of (T : nat) (f : nat -> nat -> R) (i : nat) : R := sum T (fun t => f t i) / INR T.

(* L is the logarithm of n, or a larger number: n <= exp L.  The solver takes ln(max(2, n)).  It is
   said by exp because the ln of the library rests on excluded middle. *)
Definition logarithm_statement : Prop :=
  forall x, 1 <= x -> exists L, 0 <= L /\ exp L = x /\ forall L', exp L' = x -> L' = L.

(* Any replies, also of a teacher that adapts. *)
Definition S6_regret_statement : Prop :=
  forall n g h l T L top worst, nonneg n g -> nonneg n h ->
  (forall i, (i < n)%nat -> g i <= top /\ h i <= worst) -> 0 < top + worst ->
  (0 < T)%nat -> 0 < L -> INR n <= exp L -> (forall t, (t < T)%nat -> unit_box n (l t)) ->
  let s := stake g h in
  let q := hedge n g s l (step (top + worst) L T) in
  forall i, (i < n)%nat ->
  score g s l T i - sum T (fun t => payoff n g s (q t) (l t))
  <= (top + worst) * sqrt (INR T * L / 2).

(* Best replies: the duality gap of the averages, the whole budget 1 spent. *)
Definition S6_gap_statement : Prop :=
  forall n g h l m T L top worst, (0 < n)%nat -> nonneg n g -> nonneg n h ->
  (forall i, (i < n)%nat -> g i <= top /\ h i <= worst) -> 0 < top + worst ->
  (0 < T)%nat -> 0 < L -> INR n <= exp L ->
  let s := stake g h in
  let q := hedge n g s l (step (top + worst) L T) in
  (forall t, (t < T)%nat -> mistakes n m (l t)
     /\ forall l', mistakes n m l' -> payoff n g s (q t) (l t) <= payoff n g s (q t) l') ->
  forced n 1 (mean_of T q) /\ mistakes n m (mean_of T l)
  /\ forall q' l', forced n 1 q' -> mistakes n m l' ->
     payoff n g s q' (mean_of T l) - payoff n g s (mean_of T q) l'
     <= (top + worst) * sqrt (L / (2 * INR T)).

(* Abstaining is one more point, worth nothing and never wrong; the others keep their shares. *)
Definition with_zero (n : nat) (f : nat -> R) (i : nat) : R := if (i <? n)%nat then f i else 0.
Definition S6_abstaining_statement : Prop :=
  forall n g h l m T L top worst, nonneg n g -> nonneg n h ->
  (forall i, (i < n)%nat -> g i <= top /\ h i <= worst) -> 0 <= top -> 0 <= worst ->
  0 < top + worst -> (0 < T)%nat -> 0 < L -> INR (S n) <= exp L ->
  let s := stake g h in
  let q := hedge (S n) (with_zero n g) (with_zero n s) l (step (top + worst) L T) in
  (forall t, (t < T)%nat -> mistakes n m (l t)
     /\ forall l', mistakes n m l' -> payoff n g s (q t) (l t) <= payoff n g s (q t) l') ->
  uncapped n 1 (mean_of T q) /\ mistakes n m (mean_of T l)
  /\ forall q' l', uncapped n 1 q' -> mistakes n m l' ->
     payoff n g s q' (mean_of T l) - payoff n g s (mean_of T q) l'
     <= (top + worst) * sqrt (L / (2 * INR T)).

(* -------------------------------------------------------------------------- committees: A3 *)

Fixpoint count (n : nat) (p : nat -> bool) : nat :=
  match n with 0%nat => 0 | S k => count k p + if p k then 1 else 0 end.
Fixpoint whole_sum (n : nat) (f : nat -> nat) : nat :=
  match n with 0%nat => 0 | S k => whole_sum k f + f k end.

(* Teachers 0 .. k-1 are honest, f more are arbitrary: K = k + f, and half = ceil(K/2). *)
Definition half (K : nat) : nat := ((K + 1) / 2)%nat.
(* vote t i is the class that teacher t gives to point i, one of 0 .. C-1. *)
Definition votes (K : nat) (vote : nat -> nat -> nat) (i c : nat) : nat :=
  count K (fun t => vote t i =? c)%nat.
(* The true class is not strictly first. *)
Definition outvoted (K C : nat) vote (truth : nat -> nat) (i : nat) : bool :=
  existsb (fun c => negb (c =? truth i) && (votes K vote i (truth i) <=? votes K vote i c))%nat
    (seq 0 C).

Definition A3_majority_statement : Prop :=
  forall k f n C vote truth m, (f < half (k + f))%nat ->
  (forall t, (t < k)%nat -> (count n (fun i => negb (vote t i =? truth i)) <= m t)%nat) ->
  (count n (outvoted (k + f) C vote truth) <= whole_sum k m / (half (k + f) - f))%nat.

(* y is the half-th smallest of x 0 .. x (K-1). *)
Definition lower_median (K : nat) (x : nat -> R) (y : R) : Prop :=
  (count K (fun t => if Rlt_dec (x t) y then true else false) < half K)%nat
  /\ (half K <= count K (fun t => if Rle_dec (x t) y then true else false))%nat.
(* median i c of the soft-labels does not have the true class strictly first. *)
Definition overtaken (C : nat) (median : nat -> nat -> R) (truth : nat -> nat) (i : nat) : bool :=
  existsb (fun c => (negb (c =? truth i)%nat
                     && if Rle_dec (median i (truth i)) (median i c) then true else false)%bool)
    (seq 0 C).

Definition median_exists_statement : Prop :=
  forall K x, (0 < K)%nat ->
  exists y, lower_median K x y /\ forall z, lower_median K x z -> z = y.

(* wrong t i: teacher t errs on i; where an honest one does not, its soft-label is a distribution
   with more than half on the true class. *)
Definition A3_median_statement : Prop :=
  forall k f n C soft median truth wrong m, (f < half (k + f))%nat ->
  (forall i, (i < n)%nat -> (truth i < C)%nat) ->
  (forall t i, (t < k)%nat -> (i < n)%nat -> wrong t i = false ->
     nonneg C (soft t i) /\ sum C (soft t i) <= 1 /\ 1 / 2 < soft t i (truth i)) ->
  (forall t, (t < k)%nat -> (count n (wrong t) <= m t)%nat) ->
  (forall i c, (i < n)%nat -> (c < C)%nat ->
     lower_median (k + f) (fun t => soft t i c) (median i c)) ->
  (count n (overtaken C median truth) <= whole_sum k m / (half (k + f) - f))%nat.

(* Without that hypothesis: two teachers that rank class 0 strictly first and an arbitrary one;
   the bound for two honest teachers without a mistake is 0, and the median ranks class 1 first. *)
Definition three_labels (t c : nat) : R :=
  match t, c with
  | 0%nat, 0%nat => 50 / 100 | 0%nat, 1%nat => 45 / 100 | 0%nat, 2%nat => 5 / 100
  | 1%nat, 0%nat => 34 / 100 | 1%nat, 1%nat => 33 / 100 | 1%nat, 2%nat => 33 / 100
  | 2%nat, 1%nat => 1
  | _, _ => 0
  end.
Definition A3_flat_statement : Prop :=
  (forall t, (t < 3)%nat -> forced 3 1 (three_labels t))
  /\ (forall t c, (t < 2)%nat -> (0 < c < 3)%nat -> three_labels t c < three_labels t 0)
  /\ (half 3 - 1 = 1)%nat
  /\ forall median,
     (forall c, (c < 3)%nat -> lower_median 3 (fun t => three_labels t c) (median c)) ->
     median 0%nat = 34 / 100 /\ median 1%nat = 45 / 100
     /\ overtaken 3 (fun _ => median) (fun _ => 0%nat) 0 = true.
