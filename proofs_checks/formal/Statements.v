(* What is proved.  This file alone is to be audited: definitions, and each theorem as a
   proposition.  The other files prove them; Main.v names each proof.  Ids as in THEORY.md.
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
Definition phi n (g s : nat -> R) lam : R := sum n (shaved g s lam).
(* The root of phi = m; the second half chooses max g where m = 0. *)
Definition level n (g s : nat -> R) m lam : Prop :=
  phi n g s lam = m /\ exists i, (i < n)%nat /\ lam <= g i.
Definition supported (g : nat -> R) lam (f : nat -> R) (i : nat) : R :=
  if Rle_dec lam (g i) then f i else 0.
Definition density n (g s : nat -> R) lam : R := sum n (supported g lam (fun i => / s i)).
Definition design n (g s : nat -> R) lam : nat -> R :=
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
  forall (Q L : strategies) U v w, value Q L U v -> value Q L U w -> v = w.

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

(* ------------------------------------------------------------------------- shape of V, V4 *)

Definition learner (Q : nat -> R -> strategies) : Prop :=
  Q = uncapped \/ Q = capped \/ Q = forced.
Definition abstainer (Q : nat -> R -> strategies) : Prop := Q = uncapped \/ Q = capped.
Definition scaled (c : R) (f : nat -> R) (i : nat) : R := c * f i.
Definition permutation (n : nat) (sigma tau : nat -> nat) : Prop :=
  forall i, (i < n)%nat -> (sigma i < n)%nat /\ (tau i < n)%nat
                           /\ sigma (tau i) = i /\ tau (sigma i) = i.

(* Monotone and convex in m: for any set of the learner, any gains and stakes. *)
Definition V4_mistakes_statement : Prop :=
  forall n g s Q, let V m v := value Q (mistakes n m) (payoff n g s) v in
  (forall m m' v v', m <= m' -> V m v -> V m' v' -> v' <= v)
  /\ (forall m m' v v' w t, 0 <= t <= 1 -> V m v -> V m' v' ->
        V (t * m + (1 - t) * m') w -> w <= t * v + (1 - t) * v').

(* Piecewise linear in m: the largest of n affine functions and 0. *)
Definition V4_piecewise_statement : Prop :=
  forall n g h m b v, (0 < n)%nat -> pool n g h -> descending n g -> 0 <= m -> 0 <= b ->
  let s := stake g h in
  value (uncapped n b) (mistakes n m) (payoff n g s) v ->
  (0 <= v /\ forall k, (1 <= k <= n)%nat -> b * ratio g s m k <= v)
  /\ (v = 0 \/ exists k, (1 <= k <= n)%nat /\ v = b * ratio g s m k).

Definition V4_harms_statement : Prop :=
  forall n g h h' (Q L : strategies) v v', (forall q, Q q -> nonneg n q) ->
  (forall l, L l -> nonneg n l) -> (forall i, (i < n)%nat -> h i <= h' i) ->
  value Q L (payoff n g (stake g h)) v -> value Q L (payoff n g (stake g h')) v' -> v' <= v.

Definition V4_scale_statement : Prop :=
  forall n g h (Q L : strategies) r v, 0 < r ->
  value Q L (payoff n g (stake g h)) v ->
  value Q L (payoff n (scaled r g) (stake (scaled r g) (scaled r h))) (r * v).

Definition V4_point_statement : Prop :=
  forall n g s Q b m v v', learner Q ->
  value (Q n b) (mistakes n m) (payoff n g s) v ->
  value (Q (S n) b) (mistakes (S n) m) (payoff (S n) g s) v' -> v <= v'.

Definition V4_order_statement : Prop :=
  forall n g s Q b m v sigma tau, learner Q -> permutation n sigma tau ->
  value (Q n b) (mistakes n m) (payoff n g s) v ->
  value (Q n b) (mistakes n m) (payoff n (fun i => g (sigma i)) (fun i => s (sigma i))) v.

Definition V4_gains_statement : Prop :=
  forall n g g' c Q b m v v', abstainer Q -> 0 <= c ->
  pool n g (scaled c g) -> pool n g' (scaled c g') ->
  (forall i, (i < n)%nat -> g i <= g' i) ->
  value (Q n b) (mistakes n m) (payoff n g (stake g (scaled c g))) v ->
  value (Q n b) (mistakes n m) (payoff n g' (stake g' (scaled c g'))) v' -> v <= v'.

Definition V4_lipschitz_statement : Prop :=
  forall n g g' c b m d v v', 0 <= c -> 0 <= b ->
  pool n g (scaled c g) -> pool n g' (scaled c g') -> 0 <= d ->
  (forall i, (i < n)%nat -> Rabs (g i - g' i) <= d) ->
  value (uncapped n b) (mistakes n m) (payoff n g (stake g (scaled c g))) v ->
  value (uncapped n b) (mistakes n m) (payoff n g' (stake g' (scaled c g'))) v' ->
  Rabs (v - v') <= b * d.

Definition V4_harm_convex_statement : Prop :=
  forall n g Q b m c c' t v v' w, abstainer Q -> 0 <= c -> 0 <= c' -> 0 <= t <= 1 ->
  pool n g g ->
  let V x := value (Q n b) (mistakes n m) (payoff n g (stake g (scaled x g))) in
  V c v -> V c' v' -> V (t * c + (1 - t) * c') w -> w <= t * v + (1 - t) * v'.

(* The support grows with m. *)
Definition V4_support_statement : Prop :=
  forall n g h m m' lam lam', pool n g h -> m <= m' ->
  level n g (stake g h) m lam -> level n g (stake g h) m' lam' ->
  lam' <= lam /\ forall i, lam <= g i -> lam' <= g i.

(* While no gain lies at the level, it moves by -1/H (proportional: -D/H') for each mistake. *)
Definition V4_slope_statement : Prop :=
  forall n g h m lam, pool n g h ->
  let s := stake g h in
  level n g s m lam -> (forall i, (i < n)%nat -> g i <> lam) ->
  exists eps, 0 < eps /\ forall m', Rabs (m' - m) < eps ->
    level n g s m' (lam - (m' - m) / density n g s lam).

(* Neither concave nor convex in one gain: g = (1, 1, x), M = 1. *)
Definition one_one (x : R) (i : nat) : R := match i with 0%nat | 1%nat => 1 | _ => x end.
Definition V4_neither_statement : Prop :=
  let V x := value (uncapped 3 1) (mistakes 3 (1 / 2))
               (payoff 3 (one_one x) (stake (one_one x) (scaled 1 (one_one x)))) in
  V (1 / 4) (1 / 2) /\ V (1 / 2) (1 / 2) /\ V (3 / 4) (3 / 5) /\ V (7 / 8) (7 / 11) /\ V 1 (2 / 3)
  /\ 1 / 2 < (1 / 2 + 3 / 5) / 2 /\ (3 / 5 + 2 / 3) / 2 < 7 / 11.

(* --------------------------------------------------- wrong m, wrong gains, determinism: V5-V7 *)

Definition V5_statement : Prop :=
  forall n g h m m' lam, pool n g h -> 0 <= m ->
  let s := stake g h in
  level n g s m' lam ->
  let k := sum n (supported g lam (fun _ => 1)) in
  worst (mistakes n m) (payoff n g s) (design n g s lam)
    ((sum n (supported g lam (fun i => g i / s i)) - Rmin m k) / density n g s lam).

(* g', s': the estimates that the learner knows; g, s: the truth. *)
Definition V6_statement : Prop :=
  forall n g s g' h' m lam e, pool n g' h' -> 0 <= e ->
  let s' := stake g' h' in
  (forall i, (i < n)%nat -> Rabs (g i - g' i) <= e * g' i) ->
  (forall i, (i < n)%nat -> Rabs (s i - s' i) <= e * s' i) ->
  level n g' s' m lam ->
  forall l, mistakes n m l ->
  lam - e * (sum n (supported g' lam (fun i => g' i / s' i)) + m) / density n g' s' lam
  <= payoff n g s (design n g' s' lam) l.

Definition V6_proportional_statement : Prop :=
  forall n g g' c m lam e, 0 <= c -> pool n g' (scaled c g') -> nonneg n g -> 0 <= e ->
  let s' := stake g' (scaled c g') in
  (forall i, (i < n)%nat -> Rabs (g i - g' i) <= e * g' i) ->
  level n g' s' m lam -> 0 < lam ->
  let k := sum n (supported g' lam (fun _ => 1)) in
  let H := sum n (supported g' lam (fun i => / g' i)) in
  forall l, mistakes n m l ->
  lam - e * (k + (c - 1) * m) / H
  <= payoff n g (stake g (scaled c g)) (design n g' s' lam) l.

Definition V7_deterministic_statement : Prop :=
  forall n g h m q, pool n g h ->
  (forall i, (i < n)%nat -> q i = 0 \/ q i = 1) -> sum n q <= m ->
  worst (mistakes n m) (payoff n g (stake g h)) q (- sum n (fun i => q i * h i))
  /\ - sum n (fun i => q i * h i) <= 0.

Definition V7_worst_statement : Prop :=
  forall (Q L : strategies) U q w v, Q q -> worst L U q w -> value Q L U v -> w <= v.

(* T_m of sorted bites q_i s_i, the last by its fraction. *)
Definition V7_top_statement : Prop :=
  forall n g s q k theta, (k < n)%nat -> 0 <= theta <= 1 ->
  nonneg n (fun i => q i * s i) -> descending n (fun i => q i * s i) ->
  worst (mistakes n (INR k + theta)) (payoff n g s) q
    (sum n (fun i => q i * g i) - (sum k (fun i => q i * s i) + theta * (q k * s k))).

Definition V7_uniform_statement : Prop :=
  forall n g h k, (k < n)%nat -> pool n g h -> descending n (stake g h) ->
  worst (mistakes n (INR k)) (payoff n g (stake g h)) (fun _ => / INR n)
    ((sum n g - sum k (stake g h)) / INR n).

(* ------------------------------------------------------------------ the cap, V3a; forced, V3b *)

Definition V3a_statement : Prop :=
  forall n g h m b lam, pool n g h -> 0 <= b ->
  let s := stake g h in
  level n g s m lam -> 0 < lam ->
  ((forall i, (i < n)%nat -> lam <= g i -> b <= s i * density n g s lam) ->
     saddle (capped n b) (mistakes n m) (payoff n g s)
       (fun i => b * design n g s lam i) (shaved g s lam) (b * lam))
  /\ (forall v, value (capped n b) (mistakes n m) (payoff n g s) v -> v <= b * lam).

Definition V3a_budget_statement : Prop :=
  forall n g s (L : strategies), let V b v := value (capped n b) L (payoff n g s) v in
  (forall b b' v v', b <= b' -> V b v -> V b' v' -> v <= v')
  /\ (forall b b' v v' w t, 0 <= t <= 1 -> V b v -> V b' v' ->
        V (t * b + (1 - t) * b') w -> t * v + (1 - t) * v' <= w).

(* b = 1, the whole budget spent, any real m. *)
Definition V3b_statement : Prop :=
  forall n g h m lam low, pool n g h -> 0 <= m ->
  let s := stake g h in
  level n g s m lam -> least n h low ->
  value (forced n 1) (mistakes n m) (payoff n g s) (Rmax lam (- low)).

Definition V3b_proportional_statement : Prop :=
  forall n g c m low, (0 < n)%nat -> 0 <= c -> pool n g (scaled c g) -> least n g low ->
  INR n <= (1 + c) * m ->
  value (forced n 1) (mistakes n m) (payoff n g (stake g (scaled c g)))
    (Rmax ((INR n - (1 + c) * m) / sum n (fun i => / g i)) (- (c * low))).

(* The prefix form alone is wrong here, and a larger gain lowers the value. *)
Definition five (x : R) (i : nat) : R :=
  match i with 0%nat | 1%nat => 10 | 2%nat => 5 | 3%nat => 2 | _ => x end.
Definition V3b_example_statement : Prop :=
  let V x := value (forced 5 1) (mistakes 5 4)
               (payoff 5 (five x) (stake (five x) (scaled 1 (five x)))) in
  V 1 (-1) /\ V (3 / 2) (- (3 / 2))
  /\ ratio (five 1) (stake (five 1) (scaled 1 (five 1))) 4 5 = - (30 / 19).

(* -------------------------------------------------------------- caps on mistakes, uncapped A2 *)

Definition limited (n : nat) (r : nat -> R) (m : R) (l : nat -> R) : Prop :=
  (forall i, (i < n)%nat -> 0 <= l i <= r i) /\ sum n l <= m.

(* Gains of any sign, stakes that may be below the gain. *)
Definition A2_uncapped_statement : Prop :=
  forall n g s r m b lam top, 0 <= m -> 0 <= b ->
  (forall i, (i < n)%nat -> 0 < s i) -> nonneg n r ->
  level n g s m lam -> greatest n (fun i => g i - s i * r i) top ->
  value (uncapped n b) (limited n r m) (payoff n g s) (b * Rmax 0 (Rmax top lam)).

(* ------------------------------------------------------------------------- groups, uncapped A1 *)

(* Point i is in group c i; the groups are 0 .. k-1 and group j has m j mistakes. *)
Definition inside (c : nat -> nat) (j : nat) (f : nat -> R) (i : nat) : R :=
  if Nat.eq_dec (c i) j then f i else 0.
Definition grouped (n k : nat) (c : nat -> nat) (m : nat -> R) (l : nat -> R) : Prop :=
  unit_box n l /\ forall j, (j < k)%nat -> sum n (inside c j l) <= m j.
(* The game on group j alone. *)
Definition group_uncapped n b (c : nat -> nat) (j : nat) (q : nat -> R) : Prop :=
  uncapped n b q /\ forall i, (i < n)%nat -> c i <> j -> q i = 0.
Definition group_mistakes n (c : nat -> nat) (j : nat) m (l : nat -> R) : Prop :=
  unit_box n l /\ sum n (inside c j l) <= m.

Definition A1_uncapped_statement : Prop :=
  forall n k g s c m b v top, 0 < b ->
  (forall i, (i < n)%nat -> (c i < k)%nat) ->
  (forall j, (j < k)%nat ->
     value (group_uncapped n b c j) (group_mistakes n c j (m j)) (payoff n g s) (v j)) ->
  greatest k v top ->
  value (uncapped n b) (grouped n k c m) (payoff n g s) top.

(* --------------------------------------------------------------- the capped game: V3, A2 capped *)

Definition heavier (s : nat -> R) tau (f : nat -> R) (i : nat) : R :=
  if Rlt_dec tau (s i) then f i else 0.
Definition as_heavy (s : nat -> R) tau (f : nat -> R) (i : nat) : R :=
  if Rle_dec tau (s i) then f i else 0.
Definition share (tau : R) (s : nat -> R) (i : nat) : R := Rmin 1 (tau / s i).

(* The two brackets of V3. *)
Definition mistake_bracket n g s m lam tau : Prop :=
  sum n (heavier s tau (shaved g s lam)) <= m <= sum n (as_heavy s tau (shaved g s lam)).
Definition budget_bracket n g s b lam tau : Prop :=
  sum n (above g lam (share tau s)) <= b <= sum n (supported g lam (share tau s)).

(* q and l as V3 writes them. *)
Definition priced_design n g s lam tau (q : nat -> R) : Prop :=
  forall i, (i < n)%nat ->
    (lam < g i -> q i = share tau s i)
    /\ (g i = lam -> 0 <= q i <= share tau s i)
    /\ (g i < lam -> q i = 0).
Definition priced_mistakes n g s lam tau (l : nat -> R) : Prop :=
  forall i, (i < n)%nat ->
    (tau < s i -> l i = shaved g s lam i)
    /\ (s i = tau -> 0 <= l i <= shaved g s lam i)
    /\ (s i < tau -> l i = 0).

(* Any prices and strategies of this form are optimal. *)
Definition V3_certificate_statement : Prop :=
  forall n g h m b lam tau q l, pool n g h -> 0 <= lam -> 0 <= tau ->
  let s := stake g h in
  priced_design n g s lam tau q -> priced_mistakes n g s lam tau l ->
  (sum n q = b \/ lam = 0 /\ sum n q <= b) -> (sum n l = m \/ tau = 0 /\ sum n l <= m) ->
  let v := sum n (fun i => q i * g i) - tau * m in
  v = b * lam + sum n (fun i => pos (g i - s i * l i - lam))
  /\ saddle (capped n b) (mistakes n m) (payoff n g s) q l v.

(* Prices that meet the brackets have such strategies: one theta for the points at the level. *)
Definition V3_brackets_statement : Prop :=
  forall n g h m b lam tau, pool n g h -> 0 <= lam -> 0 <= tau ->
  let s := stake g h in
  mistake_bracket n g s m lam tau -> budget_bracket n g s b lam tau ->
  exists q l theta, 0 <= theta <= 1
    /\ (forall i, (i < n)%nat -> g i = lam -> q i = theta * share tau s i)
    /\ priced_design n g s lam tau q /\ priced_mistakes n g s lam tau l
    /\ sum n q = b /\ sum n l = m.

(* A threshold at level 0, and prices for every budget up to b0. *)
Definition V3_threshold_statement : Prop :=
  forall n g h m, pool n g h ->
  let s := stake g h in
  0 <= m <= sum n (fun i => g i / s i) ->
  exists tau0, 0 <= tau0 /\ mistake_bracket n g s m 0 tau0.
Definition V3_existence_statement : Prop :=
  forall n g h m b tau0, pool n g h ->
  let s := stake g h in
  0 <= m <= sum n (fun i => g i / s i) ->
  0 <= tau0 -> mistake_bracket n g s m 0 tau0 ->
  0 < b <= sum n (share tau0 s) ->
  exists lam tau, 0 <= lam /\ 0 <= tau
    /\ mistake_bracket n g s m lam tau /\ budget_bracket n g s b lam tau.

(* Where no selection has a positive guarantee the first bracket has no solution. *)
Definition V3_regime_statement : Prop :=
  forall n g h m lam tau, pool n g h -> 0 <= lam -> 0 <= tau ->
  let s := stake g h in
  sum n (fun i => g i / s i) < m -> ~ mistake_bracket n g s m lam tau.

(* Beyond b0 the value stays. *)
Definition V3_beyond_statement : Prop :=
  forall n g h m b tau0, pool n g h -> 0 <= tau0 ->
  let s := stake g h in
  mistake_bracket n g s m 0 tau0 -> sum n (share tau0 s) <= b ->
  exists l, saddle (capped n b) (mistakes n m) (payoff n g s) (share tau0 s) l
              (sum n (fun i => share tau0 s i * g i) - tau0 * m).

(* V_b = min over lam >= 0 of F(lam), F(lam) = b lam + min over l of the surplus above lam. *)
Definition V3_value_statement : Prop :=
  forall n g h m b, pool n g h -> 0 <= m -> 0 <= b ->
  let s := stake g h in
  let F lam l := b * lam + sum n (fun i => pos (g i - s i * l i - lam)) in
  exists v, value (capped n b) (mistakes n m) (payoff n g s) v
    /\ (exists lam l, 0 <= lam /\ mistakes n m l /\ F lam l = v)
    /\ (forall lam l, 0 <= lam -> mistakes n m l -> v <= F lam l).

(* An equation in place of the first bracket: no solution at g = (10, 3, 2), h = 0, b = 2, m = 1,
   whether the threshold itself counts or not; the value is 22/5. *)
Definition ten_three_two (i : nat) : R :=
  match i with 0%nat => 10 | 1%nat => 3 | 2%nat => 2 | _ => 1 end.
Definition V3_refuted_statement : Prop :=
  let g := ten_three_two in let s := stake g (fun _ => 0) in
  (forall lam tau, 0 <= lam -> 0 <= tau -> budget_bracket 3 g s 2 lam tau ->
     sum 3 (heavier s tau (shaved g s lam)) <> 1 /\ sum 3 (as_heavy s tau (shaved g s lam)) <> 1)
  /\ mistake_bracket 3 g s 1 2 3 /\ budget_bracket 3 g s 2 2 3
  /\ value (capped 3 2) (mistakes 3 1) (payoff 3 g s) (22 / 5).

(* Caps on mistakes: V3's F with the shaving of point i limited to r i, largest stakes first. *)
Definition limit (g s r : nat -> R) lam (i : nat) : R := Rmin (r i) (shaved g s lam i).
Definition A2_capped_statement : Prop :=
  forall n g s r m b, 0 <= m -> 0 <= b ->
  (forall i, (i < n)%nat -> 0 < s i) -> nonneg n r ->
  exists lam tau q l, 0 <= lam /\ 0 <= tau
    /\ (forall i, (i < n)%nat ->
          (tau < s i -> l i = limit g s r lam i)
          /\ (s i = tau -> 0 <= l i <= limit g s r lam i)
          /\ (s i < tau -> l i = 0))
    /\ (sum n l = m \/ tau = 0)
    /\ saddle (capped n b) (limited n r m) (payoff n g s) q l
         (b * lam + sum n (fun i => pos (g i - s i * l i - lam))).

(* -------------------------------------------------- a checker of exact answers, and its meaning *)

Require Import QArith Qreals List.
Open Scope R_scope.

Definition entry (f : list Q) (i : nat) : Q := nth i f 0%Q.
Definition real (f : list Q) (i : nat) : R := Q2R (entry f i).
Fixpoint qsum (n : nat) (f : nat -> Q) : Q :=
  match n with O => 0%Q | S k => Qred (qsum k f + f k) end.
Fixpoint every (n : nat) (p : nat -> bool) : bool :=
  match n with O => true | S k => (p k && every k p)%bool end.
Definition qpos (x : Q) : Q := if Qle_bool 0 x then x else 0%Q.
Definition probability (f : list Q) (i : nat) : bool :=
  (Qle_bool 0 (entry f i) && Qle_bool (entry f i) 1)%bool.

(* gains, harms, m, b: the game; q, l, v: the claimed strategies and value; lam, tau: prices.
   The first two lines make q and l feasible, the last two make them meet at v. *)
Definition check (g h : list Q) (m b : Q) (q l : list Q) (lam tau v : Q) : bool :=
  (let n := length g in
   let s i := entry g i + entry h i in
   every n (probability q) && Qle_bool (qsum n (entry q)) b
   && every n (probability l) && Qle_bool (qsum n (entry l)) m
   && Qle_bool 0 lam && Qle_bool 0 tau
   && Qle_bool v (qsum n (fun i => entry q i * entry g i - qpos (entry q i * s i - tau)) - tau * m)
   && Qle_bool (b * lam + qsum n (fun i => qpos (entry g i - s i * entry l i - lam))) v)%Q%bool.

Definition check_sound_statement : Prop :=
  forall g h m b q l lam tau v, check g h m b q l lam tau v = true ->
  let n := length g in
  saddle (capped n (Q2R b)) (mistakes n (Q2R m))
    (payoff n (real g) (stake (real g) (real h))) (real q) (real l) (Q2R v).

(* --------------------------------------------------- regret and competitive ratio, R1, R2, R3 *)

(* l over 0/1 vectors with at most m ones, m a count; b = 1. *)
Definition marked (n m : nat) (l : nat -> R) : Prop :=
  (forall i, (i < n)%nat -> l i = 0 \/ l i = 1) /\ sum n l <= INR m.
(* B(l), the best single point in hindsight. *)
Definition hindsight n (g s l : nat -> R) (x : R) : Prop :=
  greatest n (fun i => g i - s i * l i) x.
Definition regret_value n m g s (x : R) : Prop :=
  (exists p, forced n 1 p /\ forall l b, marked n m l -> hindsight n g s l b ->
     b - payoff n g s p l <= x)
  /\ (forall p, forced n 1 p -> exists l b, marked n m l /\ hindsight n g s l b /\
     x <= b - payoff n g s p l).
Definition ratio_value n m g s (x : R) : Prop :=
  (exists p, forced n 1 p /\ forall l b, marked n m l -> hindsight n g s l b ->
     0 < b /\ x <= payoff n g s p l / b)
  /\ (forall p, forced n 1 p -> exists l b, marked n m l /\ hindsight n g s l b /\
     0 < b /\ payoff n g s p l / b <= x).

(* E(t) of THEORY; V is the value. *)
Definition excess n g h V t : R :=
  t + sum n (fun i => pos (g i - t) * (h i + V) / stake g h i).
(* The first index at which the weights (h + V)/s reach one. *)
Definition pivot n g h V (j : nat) : Prop :=
  (j < n)%nat /\ sum j (fun i => (h i + V) / stake g h i) < 1
  /\ 1 <= sum (S j) (fun i => (h i + V) / stake g h i).

Definition R_pivot_statement : Prop :=
  forall n g h m V, pool n g h -> descending n g ->
  level n g (stake g h) (INR m) V -> 0 < V ->
  exists j, pivot n g h V j /\ (j <= m)%nat /\ V <= g j
    /\ forall t, excess n g h V (g j) <= excess n g h V t.

Definition R1_statement : Prop :=
  forall n g h m V j, pool n g h -> descending n g ->
  level n g (stake g h) (INR m) V -> 0 < V -> pivot n g h V j ->
  ratio_value n m g (stake g h) (V / excess n g h V (g j)).

(* t1: the root of phi = 1 over all reals; where it is not positive it changes nothing. *)
Definition R2_statement : Prop :=
  forall n g h m V j t1, pool n g h -> descending n g ->
  level n g (stake g h) (INR m) V -> 0 < V -> pivot n g h V j ->
  level n g (stake g h) 1 t1 ->
  regret_value n m g (stake g h) (excess n g h V (Rmax (g j) t1) - V).

Definition R3_statement : Prop :=
  forall n g h m V j t1 x y, pool n g h -> descending n g ->
  level n g (stake g h) (INR m) V -> 0 < V -> pivot n g h V j ->
  level n g (stake g h) 1 t1 -> t1 <= g j ->
  ratio_value n m g (stake g h) x -> regret_value n m g (stake g h) y -> x = V / (V + y).

(* The joint law of the benchmark point I and the mistakes l: finitely many atoms (weight, (I, l)),
   by systematic sampling of the points that stay correct. *)
Definition law := list (R * (nat * (nat -> R))).
Fixpoint mean (L : law) (f : nat -> (nat -> R) -> R) : R :=
  match L with
  | nil => 0
  | cons (w, (i, l)) rest => w * f i l + mean rest f
  end.

Definition R_law_statement : Prop :=
  forall n m x j, unit_box n x -> sum n x <= INR m -> (j < n)%nat ->
  sum j (fun i => 1 - x i) < 1 <= sum (S j) (fun i => 1 - x i) ->
  exists L : law,
    (forall w i l, In (w, (i, l)) L ->
       0 <= w /\ (i <= j)%nat /\ l i = 0 /\ marked n m l)
    /\ mean L (fun _ _ => 1) = 1
    /\ (forall i, (i < n)%nat -> mean L (fun _ l => l i) = x i)
    /\ (forall f, mean L (fun i _ => f i)
         = sum j (fun i => (1 - x i) * f i) + (1 - sum j (fun i => 1 - x i)) * f j).
