(* What is proved.  This file alone is to be audited: definitions, and each theorem as a
   proposition.  Sums.v to Instances prove them; Main.v names each proof.  Ids as in THEORY.md.
   Points are 0 .. n-1; gains, harms, designs and mistakes are functions nat -> R, of which only
   the values below n matter.  Mistakes, budgets and gains are real unless a nat says otherwise. *)
Require Import Reals.
Open Scope R_scope.

(* ---------------------------------------------------------------- sums and small functions *)

Fixpoint sum (n : nat) (f : nat -> R) : R :=
  match n with O => 0 | S k => sum k f + f k end.

Definition pos (x : R) : R := Rmax 0 x.
Definition nonneg (n : nat) (f : nat -> R) : Prop := forall i, (i < n)%nat -> 0 <= f i.
Definition unit_box (n : nat) (f : nat -> R) : Prop := forall i, (i < n)%nat -> 0 <= f i <= 1.
Definition descending (n : nat) (f : nat -> R) : Prop :=
  forall i j, (i <= j)%nat -> (j < n)%nat -> f j <= f i.
Definition greatest (n : nat) (f : nat -> R) (x : R) : Prop :=
  (forall i, (i < n)%nat -> f i <= x) /\ exists i, (i < n)%nat /\ f i = x.
Definition least (n : nat) (f : nat -> R) (x : R) : Prop :=
  (forall i, (i < n)%nat -> x <= f i) /\ exists i, (i < n)%nat /\ f i = x.

(* ------------------------------------------------------------------------------- the game *)

Definition pool (n : nat) (g h : nat -> R) : Prop :=
  forall i, (i < n)%nat -> 0 < g i /\ 0 <= h i.
Definition stake (g h : nat -> R) (i : nat) : R := g i + h i.
Definition payoff (n : nat) (g s q l : nat -> R) : R :=
  sum n (fun i => q i * (g i - s i * l i)).

(* The teacher's set, and three sets of the learner: with replacement, the same with the whole
   budget spent, and without replacement. *)
Definition mistakes (n : nat) (m : R) (l : nat -> R) : Prop :=
  unit_box n l /\ sum n l <= m.
Definition uncapped (n : nat) (b : R) (q : nat -> R) : Prop :=
  nonneg n q /\ sum n q <= b.
Definition forced (n : nat) (b : R) (q : nat -> R) : Prop :=
  nonneg n q /\ sum n q = b.
Definition capped (n : nat) (b : R) (q : nat -> R) : Prop :=
  unit_box n q /\ sum n q <= b.

Definition strategies := (nat -> R) -> Prop.
Definition saddle (Q L : strategies) (U : (nat -> R) -> (nat -> R) -> R) q l v : Prop :=
  Q q /\ L l /\ (forall l', L l' -> v <= U q l') /\ (forall q', Q q' -> U q' l <= v).
Definition value Q L U (v : R) : Prop := exists q l, saddle Q L U q l v.
(* The worst case W of one design. *)
Definition worst (L : strategies) (U : (nat -> R) -> (nat -> R) -> R) q w : Prop :=
  (forall l, L l -> w <= U q l) /\ exists l, L l /\ U q l = w.

(* --------------------------------------------------------------------- the water level, V1 *)

Definition shaved (g s : nat -> R) (lam : R) (i : nat) : R := pos (g i - lam) / s i.
Definition phi n g s lam : R := sum n (shaved g s lam).
(* The root of phi = m; the second half chooses max g where m = 0. *)
Definition level n (g s : nat -> R) m lam : Prop :=
  phi n g s lam = m /\ exists i, (i < n)%nat /\ lam <= g i.
Definition supported (g : nat -> R) lam (f : nat -> R) (i : nat) : R :=
  if Rle_dec lam (g i) then f i else 0.
Definition density n g s lam : R := sum n (supported g lam (fun i => / s i)).
Definition design n g s lam : nat -> R :=
  supported g lam (fun i => / (s i * density n g s lam)).

Definition V1_level_statement : Prop :=
  forall n g h m, (0 < n)%nat -> pool n g h -> 0 <= m ->
  let s := stake g h in
  exists lam, level n g s m lam /\ (forall x, level n g s m x -> x = lam)
    /\ (0 < m -> forall x, phi n g s x = m -> x = lam)
    /\ (m = 0 -> greatest n g lam)
    /\ (0 < lam <-> m < sum n (fun i => g i / s i)).

Definition V1_phi_statement : Prop :=
  forall n g h, pool n g h ->
  let s := stake g h in
  continuity (phi n g s)
  /\ (forall x y t, 0 <= t <= 1 ->
        phi n g s (t * x + (1 - t) * y) <= t * phi n g s x + (1 - t) * phi n g s y)
  /\ (forall x y, x < y -> 0 < phi n g s x -> phi n g s y < phi n g s x).

(* Any budget b of draws with replacement; b = 1 is THEORY's V1. *)
Definition V1_saddle_statement : Prop :=
  forall n g h m b lam, pool n g h -> 0 <= b ->
  let s := stake g h in
  level n g s m lam -> 0 < lam ->
  let H := density n g s lam in
  let p := design n g s lam in
  lam = (sum n (supported g lam (fun i => g i / s i)) - m) / H
  /\ forced n 1 p
  /\ saddle (uncapped n b) (mistakes n m) (payoff n g s)
       (fun i => b * p i) (shaved g s lam) (b * lam).

Definition V1_zero_statement : Prop :=
  forall n g h m b, pool n g h -> 0 <= b ->
  let s := stake g h in
  sum n (fun i => g i / s i) <= m ->
  saddle (uncapped n b) (mistakes n m) (payoff n g s) (fun _ => 0) (fun i => g i / s i) 0
  /\ forall q, nonneg n q -> exists l, mistakes n m l /\ payoff n g s q l <= 0.

(* A saddle value is unique, for all sets and payoffs. *)
Definition value_unique_statement : Prop :=
  forall Q L U v w, value Q L U v -> value Q L U w -> v = w.

(* ------------------------------------------------------------------------ prefix form, V2 *)

Definition ratio (g s : nat -> R) m (k : nat) : R :=
  (sum k (fun i => g i / s i) - m) / sum k (fun i => / s i).

Definition V2_prefix_statement : Prop :=
  forall n g h m lam, pool n g h -> descending n g ->
  let s := stake g h in
  level n g s m lam ->
  (forall k, (1 <= k <= n)%nat -> ratio g s m k <= lam)
  /\ exists k, (1 <= k <= n)%nat /\ ratio g s m k = lam
       /\ forall i, (i < n)%nat -> ((i < k)%nat <-> lam <= g i).

Definition V2_unimodal_statement : Prop :=
  forall n g h m k, pool n g h -> descending n g -> (1 <= k)%nat -> (S k <= n)%nat ->
  let s := stake g h in
  let F := ratio g s m in
  F (S k) - F k = (g k - F k) / (s k * sum (S k) (fun i => / s i))
  /\ (F k < F (S k) <-> F k < g k)
  /\ (F k = F (S k) <-> F k = g k)
  /\ ((S (S k) <= n)%nat -> F (S k) <= F k -> F (S (S k)) <= F (S k)).

(* One pass of Newton's method on the points above x, without sorting. *)
Definition above (g : nat -> R) x (f : nat -> R) (i : nat) : R :=
  if Rlt_dec x (g i) then f i else 0.
Definition newton n g s m x : R :=
  (sum n (above g x (fun i => g i / s i)) - m) / sum n (above g x (fun i => / s i)).

Definition V2_newton_statement : Prop :=
  forall n g h m lam x, pool n g h -> 0 < m ->
  let s := stake g h in
  level n g s m lam -> x <= lam ->
  x <= newton n g s m x <= lam
  /\ (newton n g s m x = x -> x = lam)
  /\ Nat.iter n (newton n g s m) x = lam.
