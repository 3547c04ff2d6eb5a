(* What is proved of linear inequalities and of certificates: the minimax theorem of polyhedra, A4
   of THEORY.md where the teacher's set is a polytope, and that an accepted answer is right.  Audit
   this file and Statements.v, from which it takes the game, strategies, saddle and value. *)
Require Import Reals.
From Radsim Require Import Statements.
Open Scope R_scope.

(* ------------------------------------------------------------------ finitely many inequalities *)

(* The points x of n coordinates with A x <= a, k inequalities. *)
Definition polyhedron (n k : nat) (A : nat -> nat -> R) (a : nat -> R) (x : nat -> R) : Prop :=
  forall j, (j < k)%nat -> sum n (fun i => A j i * x i) <= a j.

(* Farkas' lemma: there is such a point, or the inequalities add up to 0 <= b, b < 0; not both. *)
Definition farkas_statement : Prop :=
  forall n k A a,
  let solvable := exists x, polyhedron n k A a x in
  let refuted := exists y, nonneg k y
      /\ (forall i, (i < n)%nat -> sum k (fun j => y j * A j i) = 0)
      /\ sum k (fun j => y j * a j) < 0 in
  (solvable \/ refuted) /\ ~ (solvable /\ refuted).

(* Strong duality: max c x over A x <= a is min y a over y >= 0 with y A = c, both attained. *)
Definition linear_duality_statement : Prop :=
  forall n k A a c,
  let primal := polyhedron n k A a in
  let dual y := nonneg k y /\ forall i, (i < n)%nat -> sum k (fun j => y j * A j i) = c i in
  (exists x, primal x) -> (exists y, dual y) ->
  exists x y, primal x /\ dual y /\ sum n (fun i => c i * x i) = sum k (fun j => y j * a j)
    /\ (forall x', primal x' -> sum n (fun i => c i * x' i) <= sum n (fun i => c i * x i))
    /\ (forall y', dual y' -> sum k (fun j => y j * a j) <= sum k (fun j => y' j * a j)).

(* ------------------------------------------------------------------------- the minimax theorem *)

Definition bilinear (n p : nat) (c e : nat -> R) (M : nat -> nat -> R) (q l : nat -> R) : R :=
  sum n (fun i => c i * q i) + sum p (fun j => e j * l j)
  + sum n (fun i => sum p (fun j => q i * M i j * l j)).

(* Two polyhedra, bounded or not.  Each side has a strategy that is worth something: q0 a guarantee
   from below, l0 one from above.  Without them there is no saddle point either. *)
Definition minimax_statement : Prop :=
  forall n k A a p r B d c e M,
  let Q := polyhedron n k A a in let L := polyhedron p r B d in let U := bilinear n p c e M in
  ((exists q0 lo, Q q0 /\ forall l, L l -> lo <= U q0 l)
   /\ (exists l0 hi, L l0 /\ forall q, Q q -> U q l0 <= hi))
  <-> exists v, value Q L U v.

(* --------------------------------------------------------------- A4, the set being a polytope *)

(* Not empty, bounded, and given by finitely many inequalities. *)
Definition polytope (n : nat) (P : strategies) : Prop :=
  (exists x, P x)
  /\ (exists K, forall x, P x -> forall i, (i < n)%nat -> - K <= x i <= K)
  /\ exists k A a, forall x, P x <-> polyhedron n k A a x.
(* The most that the learner gets against l; its other side is worst. *)
Definition best (Q : strategies) (U : (nat -> R) -> (nat -> R) -> R) l w : Prop :=
  (forall q, Q q -> U q l <= w) /\ exists q, Q q /\ U q l = w.
(* min max = v = max min, all attained. *)
Definition min_max (Q L : strategies) (U : (nat -> R) -> (nat -> R) -> R) v : Prop :=
  value Q L U v
  /\ (exists l, L l /\ best Q U l v) /\ (forall l, L l -> exists w, best Q U l w /\ v <= w)
  /\ (exists q, Q q /\ worst L U q v) /\ (forall q, Q q -> exists w, worst L U q w /\ w <= v).

Definition polytopes_statement : Prop :=
  forall n p Q L c e M, polytope n Q -> polytope p L ->
  exists v, min_max Q L (bilinear n p c e M) v.

(* The whole budget spent without replacement: with the three of Statements.v, every learner. *)
Definition forced_capped (n : nat) (b : R) (q : nat -> R) : Prop := unit_box n q /\ sum n q = b.
Definition any_learner (Q : nat -> R -> strategies) : Prop := learner Q \/ Q = forced_capped.

(* Gains and stakes of any sign, any polytope of mistakes; budgets that can be met. *)
Definition A4_polytopes_statement : Prop :=
  forall n g s Q b L, any_learner Q -> (exists q, Q n b q) -> polytope n L ->
  exists v, min_max (Q n b) L (payoff n g s) v.

(* The convex program: V = min over lam >= 0 and l in L of b lam + the surplus above lam. *)
Definition A4_program_statement : Prop :=
  forall n g s b L, 0 <= b -> polytope n L ->
  let F lam l := b * lam + sum n (fun i => pos (g i - s i * l i - lam)) in
  exists v, value (capped n b) L (payoff n g s) v
    /\ (exists lam l, 0 <= lam /\ L l /\ F lam l = v)
    /\ (forall lam l, 0 <= lam -> L l -> v <= F lam l).

(* Which sets are polytopes: those of the game, groups overlapping or not, and what further
   inequalities leave of a polytope. *)
Definition A4_sets_statement : Prop :=
  (forall n m, 0 <= m -> polytope n (mistakes n m))
  /\ (forall n r m, nonneg n r -> 0 <= m -> polytope n (limited n r m))
  /\ (forall n k c m, nonneg k m -> polytope n (grouped n k c m))
  /\ (forall n b, 0 <= b -> polytope n (uncapped n b) /\ polytope n (capped n b))
  /\ (forall n b, (0 < n)%nat -> 0 <= b -> polytope n (forced n b))
  /\ (forall n b, 0 <= b <= INR n -> polytope n (forced_capped n b))
  /\ (forall n k A a P, polytope n P -> (exists x, P x /\ polyhedron n k A a x) ->
        polytope n (fun x => P x /\ polyhedron n k A a x)).

(* What holds of a polytope's worst case without trust in who found it: any prices y >= 0 of the
   inequalities give the learner a guarantee, and the best of them all that there is. *)
Definition A4_guarantee_statement : Prop :=
  forall n k A d r g s q, nonneg n r ->
  let L l := (forall i, (i < n)%nat -> 0 <= l i <= r i) /\ polyhedron n k A d l in
  let G y := sum n (fun i => q i * g i) - sum k (fun j => y j * d j)
    - sum n (fun i => r i * pos (q i * s i - sum k (fun j => y j * A j i))) in
  (forall y l, nonneg k y -> L l -> G y <= payoff n g s q l)
  /\ ((exists l, L l) -> exists y, nonneg k y /\ worst L (payoff n g s) q (G y)).

(* ----------------------------------------------------------------------------- certificates *)

(* Two strategies that obey every rule, and what they are worth to either side. *)
Definition encloses (Q L : strategies) (U : (nat -> R) -> (nat -> R) -> R) lo hi : Prop :=
  exists q l, Q q /\ L l /\ (forall l', L l' -> lo <= U q l') /\ (forall q', Q q' -> U q' l <= hi).
(* d is rtol times the scale; v is the claimed value. *)
Definition accepted (d lo hi v : R) : Prop := Rabs (hi - lo) <= d /\ lo - d <= v <= hi + d.

(* Any sets, any payoff: what is accepted is right to 2 d. *)
Definition certificate_sound_statement : Prop :=
  forall (Q L : strategies) U lo hi v w d, encloses Q L U lo hi -> value Q L U w ->
  lo <= w <= hi /\ (accepted d lo hi v -> Rabs (v - w) <= 2 * d).

(* Bounds that were computed with an error of e at most add e. *)
Definition certificate_rounded_statement : Prop :=
  forall (Q L : strategies) U lo hi lo' hi' v w d e, encloses Q L U lo hi -> value Q L U w ->
  Rabs (lo' - lo) <= e -> Rabs (hi' - hi) <= e ->
  accepted d lo' hi' v -> Rabs (v - w) <= 2 * d + e.

(* Strategies moved into their sets: clipped, then scaled down; what must be spent and is not goes
   to all points, in proportion to their room under a cap.  (That radsim takes nothing of a point
   without gain as well leaves a strategy one.) *)
Definition clip (x : R) : R := Rmin 1 (pos x).
Definition shrunk (n : nat) (b : R) (f : nat -> R) (i : nat) : R :=
  if Rlt_dec b (sum n f) then f i * (b / sum n f) else f i.
Definition filled (n : nat) (b : R) (room f : nat -> R) (i : nat) : R :=
  if Rlt_dec (sum n f) b then f i + room i * ((b - sum n f) / sum n room) else f i.
Definition fit_uncapped n b (q : nat -> R) : nat -> R := shrunk n b (fun i => pos (q i)).
Definition fit_capped n b (q : nat -> R) : nat -> R := shrunk n b (fun i => clip (q i)).
Definition fit_forced n b q : nat -> R := filled n b (fun _ => 1) (fit_uncapped n b q).
Definition fit_forced_capped n b q : nat -> R :=
  filled n b (fun i => 1 - fit_capped n b q i) (fit_capped n b q).
Definition moves (Q : nat -> R -> strategies) (fit : nat -> R -> (nat -> R) -> nat -> R) : Prop :=
  Q = uncapped /\ fit = fit_uncapped \/ Q = capped /\ fit = fit_capped
  \/ Q = forced /\ fit = fit_forced \/ Q = forced_capped /\ fit = fit_forced_capped.

(* Any numbers become a strategy, and a strategy stays as it is. *)
Definition certificate_moves_statement : Prop :=
  forall Q fit n b, moves Q fit -> (exists x, Q n b x) ->
  (forall q, Q n b (fit n b q))
  /\ (forall q, Q n b q -> forall i, (i < n)%nat -> fit n b q i = q i).

(* The certificate of a game: any numbers q and l, moved, are worth lo and hi; mistakes are moved
   as a capped design is. *)
Definition certificate_game_statement : Prop :=
  forall Q fit n g s m b q l lo hi v r scale, moves Q fit -> (exists x, Q n b x) -> 0 <= m ->
  let U := payoff n g s in
  worst (mistakes n m) U (fit n b q) lo -> best (Q n b) U (fit_capped n m l) hi ->
  exists w, value (Q n b) (mistakes n m) U w
    /\ lo <= w <= hi /\ (accepted (r * scale) lo hi v -> Rabs (v - w) <= 2 * r * scale).

(* Limits r on mistakes and k groups of points, overlapping or not, each with its number of
   mistakes: clipped to the limits, then each group in turn is scaled down. *)
Definition within (G : nat -> bool) (f : nat -> R) (i : nat) : R := if G i then f i else 0.
Definition ruled n k (G : nat -> nat -> bool) (m r l : nat -> R) : Prop :=
  (forall i, (i < n)%nat -> 0 <= l i <= r i)
  /\ forall j, (j < k)%nat -> sum n (within (G j) l) <= m j.
Definition shrunk_group n (G : nat -> bool) (m : R) (f : nat -> R) (i : nat) : R :=
  if Rlt_dec m (sum n (within G f)) then if G i then f i * (m / sum n (within G f)) else f i
  else f i.
Fixpoint shrunk_groups n k (G : nat -> nat -> bool) (m f : nat -> R) : nat -> R :=
  match k with O => f | S j => shrunk_group n (G j) (m j) (shrunk_groups n j G m f) end.
Definition fit_ruled n k G m (r l : nat -> R) : nat -> R :=
  shrunk_groups n k G m (fun i => Rmin (r i) (pos (l i))).
Definition certificate_rules_statement : Prop :=
  forall Q fit n k G g s m r b q l lo hi v d, moves Q fit -> (exists x, Q n b x) ->
  nonneg k m -> nonneg n r ->
  let L := ruled n k G m r in let U := payoff n g s in
  (forall x, L (fit_ruled n k G m r x))
  /\ (worst L U (fit n b q) lo -> best (Q n b) U (fit_ruled n k G m r l) hi ->
      exists w, value (Q n b) L U w
        /\ lo <= w <= hi /\ (accepted d lo hi v -> Rabs (v - w) <= 2 * d)).

(* Large pools: bounds from one pass, without sorting, by any two prices.  q and l are clipped and
   not scaled; f and back are what scaling would do. *)
Definition certificate_prices_statement : Prop :=
  forall n g s m b raw_q raw_l lam tau, (0 < n)%nat -> 0 <= m -> 0 <= b -> nonneg n s ->
  0 <= lam -> (0 <= tau \/ m <= INR n) ->
  let U := payoff n g s in
  let q i := clip (raw_q i) in let l i := clip (raw_l i) in
  let spent := sum n q in let made := sum n l in
  let lost := Rmin (m * tau + sum n (fun i => pos (q i * s i - tau)))
                   (sum n (fun i => q i * s i)) in
  let f := if Rlt_dec b spent then b / spent else 1 in
  let back := if Rlt_dec m made then 1 - m / made else 0 in
  forall top most, greatest n (fun i => g i - s i * l i) top ->
  greatest n (fun i => s i * l i) most ->
  exists w, value (capped n b) (mistakes n m) U w
    /\ f * (sum n (fun i => q i * g i) - lost) <= w
    /\ w <= b * lam + sum n (fun i => pos (g i - s i * l i - lam))
             + back * sum n (fun i => s i * l i)
    /\ w <= b * pos (top + back * most).

(* The factor 2 is met: one point, g = 1, h = 0, b = 1, m = 0, with q = 1 - r, l = 0 and the
   claim 1 - 2 r; the scale is b max g = 1. *)
Definition certificate_sharp_statement : Prop :=
  forall r, 0 <= r <= 1 ->
  let U := payoff 1 (fun _ => 1) (stake (fun _ => 1) (fun _ => 0)) in
  encloses (capped 1 1) (mistakes 1 0) U (1 - r) 1 /\ value (capped 1 1) (mistakes 1 0) U 1
  /\ accepted (r * 1) (1 - r) 1 (1 - 2 * r) /\ Rabs (1 - 2 * r - 1) = 2 * r * 1.

(* With strategies that obey the rules to r alone it is false by any factor K: here l sums to more
   than m by r, the scale is b max g = 1. *)
Definition certificate_refuted_statement : Prop :=
  forall K, 0 < K ->
  exists n g h m b q l lo hi v w r, pool n g h /\ 0 < r /\ greatest n g 1 /\ b = 1
    /\ let U := payoff n g (stake g h) in
    capped n b q /\ unit_box n l /\ sum n l <= m + r
    /\ worst (mistakes n m) U q lo /\ best (capped n b) U l hi
    /\ value (capped n b) (mistakes n m) U w
    /\ accepted (r * 1) lo hi v /\ K * (r * 1) < Rabs (v - w).

(* Regret and ratio: the learner's p, and a law of benchmark points and mistakes against which no
   point pays more than top.  B is what the benchmarks pay. *)
Definition joint n m (law_of : law) : Prop :=
  (forall w i l, List.In (w, (i, l)) law_of -> 0 <= w /\ (i < n)%nat /\ marked n m l)
  /\ mean law_of (fun _ _ => 1) = 1.
Definition certificate_regret_statement : Prop :=
  forall n m g s p joint_law top hi x v d, joint n m joint_law -> forced n 1 p ->
  (forall k, (k < n)%nat -> mean joint_law (fun _ l => g k - s k * l k) <= top) ->
  (forall l b, marked n m l -> hindsight n g s l b -> b - payoff n g s p l <= hi) ->
  regret_value n m g s x ->
  let lo := mean joint_law (fun i l => g i - s i * l i) - top in
  lo <= x <= hi /\ (accepted d lo hi v -> Rabs (v - x) <= 2 * d).
Definition certificate_ratio_statement : Prop :=
  forall n m g s p joint_law top lo x v d, joint n m joint_law -> forced n 1 p -> 0 <= top ->
  (forall k, (k < n)%nat -> mean joint_law (fun _ l => g k - s k * l k) <= top) ->
  (forall l b, marked n m l -> hindsight n g s l b -> 0 < b /\ lo <= payoff n g s p l / b) ->
  let B := mean joint_law (fun i l => g i - s i * l i) in
  0 < B -> ratio_value n m g s x ->
  lo <= x <= top / B /\ (accepted d lo (top / B) v -> Rabs (v - x) <= 2 * d).

(* --------------------------------------------------- the checker over the rationals, no axioms *)

Require Import QArith.

Definition rational_capped (n : nat) (b : Q) (q : nat -> Q) : Prop :=
  ((forall i, (i < n)%nat -> 0 <= q i <= 1) /\ qsum n q <= b)%Q.
Definition rational_payoff (n : nat) (g s q l : nat -> Q) : Q :=
  qsum n (fun i => q i * (g i - s i * l i))%Q.

(* What the checker of Statements.v accepts is a saddle point among rational strategies. *)
Definition check_rational_statement : Prop :=
  forall g h m b q l lam tau v, check g h m b q l lam tau v = true ->
  let n := length g in
  let U := rational_payoff n (entry g) (fun i => entry g i + entry h i)%Q in
  rational_capped n b (entry q) /\ rational_capped n m (entry l)
  /\ (forall l', rational_capped n m l' -> v <= U (entry q) l')%Q
  /\ (forall q', rational_capped n b q' -> U q' (entry l) <= v)%Q.
