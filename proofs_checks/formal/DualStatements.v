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

(* Gains and stakes of any sign, any polytope of mistakes; budgets that can be met. *)
Definition A4_polytopes_statement : Prop :=
  forall n g s Q b L, learner Q -> (exists q, Q n b q) -> polytope n L ->
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
  /\ (forall n k A a P, polytope n P -> (exists x, P x /\ polyhedron n k A a x) ->
        polytope n (fun x => P x /\ polyhedron n k A a x)).
