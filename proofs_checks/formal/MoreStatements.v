(* What else is proved of the games of Statements.v: a budget that must be spent, groups without
   replacement, contaminated teachers, points without stake or gain, slopes, gains in any order,
   and the regret of a learner who may abstain.  This file and Statements.v are to be audited. *)
Require Import Reals.
From Radsim Require Import Statements.
Open Scope R_scope.

(* What l leaves of the gains above the price lam. *)
Definition surplus n (g s : nat -> R) lam (l : nat -> R) : R :=
  sum n (fun i => pos (g i - s i * l i - lam)).

(* ------------------------------------------------- the whole budget spent, every b: V3b *)

(* Without replacement; `forced` of Statements.v is with replacement. *)
Definition spent (n : nat) (b : R) (q : nat -> R) : Prop :=
  unit_box n q /\ sum n q = b.
Definition raised (K : R) (g : nat -> R) (i : nat) : R := g i + K.

(* V_forced(g, s, b) = V_abstain(g + K, s, b) - K b: the same strategies are optimal.  For
   g >= 0 and h >= 0 every K > max h will do. *)
Definition V3b_shift_statement : Prop :=
  forall n g h m b K q l v, b <= INR n ->
  (forall i, (i < n)%nat -> 0 < g i + K /\ h i < K) ->
  let s := stake g h in
  saddle (spent n b) (mistakes n m) (payoff n g s) q l v
  <-> saddle (capped n b) (mistakes n m) (payoff n (raised K g) s) q l (v + K * b).

(* V_b = min over all real lam of F(lam), largest stakes shaved first, at most one mistake on a
   point, so that the shaving stops at -h_i. *)
Definition V3b_minimum_statement : Prop :=
  forall n g h m b, (forall i, (i < n)%nat -> 0 < stake g h i) -> 0 <= m -> 0 <= b <= INR n ->
  let s := stake g h in
  exists lam tau q l, 0 <= tau
    /\ (forall i, (i < n)%nat ->
          (tau < s i -> l i = limit g s (fun _ => 1) lam i)
          /\ (s i = tau -> 0 <= l i <= limit g s (fun _ => 1) lam i)
          /\ (s i < tau -> l i = 0))
    /\ (sum n l = m \/ tau = 0)
    /\ saddle (spent n b) (mistakes n m) (payoff n g s) q l (b * lam + surplus n g s lam l)
    /\ forall lam' l', mistakes n m l' ->
         b * lam + surplus n g s lam l <= b * lam' + surplus n g s lam' l'.

(* Up to b0 nothing is lost by spending it all. *)
Definition V3b_same_statement : Prop :=
  forall n g h m b tau0 v, pool n g h ->
  let s := stake g h in
  0 <= m <= sum n (fun i => g i / s i) ->
  0 <= tau0 -> mistake_bracket n g s m 0 tau0 -> 0 < b <= sum n (share tau0 s) ->
  (value (spent n b) (mistakes n m) (payoff n g s) v
   <-> value (capped n b) (mistakes n m) (payoff n g s) v).

(* ----------------------------------------------------------- points without stake or gain *)

(* V3's minimum for gains of any sign and stakes that may be zero; the second half is V3b's. *)
Definition V3_stakeless_statement : Prop :=
  forall n g s m b, nonneg n s -> 0 <= m -> 0 <= b ->
  let F lam l := b * lam + surplus n g s lam l in
  (exists v, value (capped n b) (mistakes n m) (payoff n g s) v
     /\ (exists lam l, 0 <= lam /\ mistakes n m l /\ F lam l = v)
     /\ forall lam l, 0 <= lam -> mistakes n m l -> v <= F lam l)
  /\ (b <= INR n -> exists v, value (spent n b) (mistakes n m) (payoff n g s) v
     /\ (exists lam l, mistakes n m l /\ F lam l = v)
     /\ forall lam l, mistakes n m l -> v <= F lam l).

(* A learner who may abstain leaves points without gain alone, whatever their harm. *)
Definition V3_gainless_statement : Prop :=
  forall n k g s Q m b v, abstainer Q -> (k <= n)%nat ->
  (forall i, (k <= i < n)%nat -> g i <= 0) ->
  value (Q k b) (mistakes k m) (payoff k g s) v ->
  value (Q n b) (mistakes n m) (payoff n g s) v.

(* ------------------------------------------------------------- contaminated teachers, A5 *)

(* With weight w the teacher errs with the known probabilities r. *)
Definition contaminated n (g s r : nat -> R) w q l : R :=
  w * payoff n g s q r + (1 - w) * payoff n g s q l.
Definition known_gain (g s r : nat -> R) w (i : nat) : R := g i - w * s i * r i.

(* The same game, for all sets of strategies. *)
Definition A5_statement : Prop :=
  forall n g s r w (Q L : strategies) q l v,
  saddle Q L (contaminated n g s r w) q l v
  <-> saddle Q L (payoff n (known_gain g s r w) (scaled (1 - w) s)) q l v.

Definition A5_value_statement : Prop :=
  forall n g s r w m b, nonneg n s -> 0 <= w <= 1 -> 0 <= m -> 0 <= b ->
  let F lam l := b * lam + surplus n (known_gain g s r w) (scaled (1 - w) s) lam l in
  exists v, value (capped n b) (mistakes n m) (contaminated n g s r w) v
    /\ (exists lam l, 0 <= lam /\ mistakes n m l /\ F lam l = v)
    /\ forall lam l, 0 <= lam -> mistakes n m l -> v <= F lam l.

(* w = 1: the b best expected robust gains, those that are positive. *)
Definition A5_known_statement : Prop :=
  forall n k g s r m, (k <= n)%nat -> 0 <= m -> descending n (known_gain g s r 1) ->
  value (capped n (INR k)) (mistakes n m) (contaminated n g s r 1)
    (sum k (fun i => pos (known_gain g s r 1 i))).

(* ----------------------------------------------------- disjoint groups, without replacement: A1 *)

(* f_G(lam) of group j is x: the least that m_j mistakes leave above the price lam. *)
Definition group_surplus n (g s : nat -> R) (c : nat -> nat) j lam (l : nat -> R) : R :=
  sum n (inside c j (fun i => pos (g i - s i * l i - lam))).
Definition group_least n g s c j mj lam x : Prop :=
  (forall l, group_mistakes n c j mj l -> x <= group_surplus n g s c j lam l)
  /\ exists l, group_mistakes n c j mj l /\ group_surplus n g s c j lam l = x.

(* One price of the budget, one threshold a group; in each the largest stakes are shaved first. *)
Definition A1_capped_statement : Prop :=
  forall n k g s c m b, (forall i, (i < n)%nat -> 0 < s i /\ (c i < k)%nat) ->
  nonneg k m -> 0 <= b ->
  exists lam tau q l, 0 <= lam /\ nonneg k tau
    /\ (forall i, (i < n)%nat ->
          (tau (c i) < s i -> l i = limit g s (fun _ => 1) lam i)
          /\ (s i = tau (c i) -> 0 <= l i <= limit g s (fun _ => 1) lam i)
          /\ (s i < tau (c i) -> l i = 0))
    /\ (forall j, (j < k)%nat -> sum n (inside c j l) = m j \/ tau j = 0)
    /\ saddle (capped n b) (grouped n k c m) (payoff n g s) q l
         (b * lam + surplus n g s lam l).

(* V_b = min over lam >= 0 of b lam + sum_G f_G(lam), and f_G exists at every lam. *)
Definition A1_minimum_statement : Prop :=
  forall n k g s c m b, (forall i, (i < n)%nat -> 0 < s i /\ (c i < k)%nat) ->
  nonneg k m -> 0 <= b ->
  let f j lam x := group_least n g s c j (m j) lam x in
  (forall j lam, (j < k)%nat -> exists x, f j lam x)
  /\ exists v, value (capped n b) (grouped n k c m) (payoff n g s) v
    /\ (exists lam x, 0 <= lam /\ (forall j, (j < k)%nat -> f j lam (x j)) /\ b * lam + sum k x = v)
    /\ forall lam x, 0 <= lam -> (forall j, (j < k)%nat -> f j lam (x j)) -> v <= b * lam + sum k x.

(* ------------------------------------------------ slopes of V while no gain is at the level: V4 *)

Definition with_gain (g : nat -> R) (i : nat) (x : R) (k : nat) : R :=
  if Nat.eq_dec k i then x else g k.

(* Proportional harm, b = 1: near g_i the value is V, a function of this gain, and
   dV/dg_i = V p_i/g_i. *)
Definition V4_gain_slope_statement : Prop :=
  forall n g c m lam i, 0 <= c -> pool n g (scaled c g) -> (i < n)%nat ->
  let s := stake g (scaled c g) in
  level n g s m lam -> 0 < lam -> (forall k, (k < n)%nat -> g k <> lam) ->
  exists (V : R -> R) eps, 0 < eps
    /\ (forall x, Rabs (x - g i) < eps ->
          let g' := with_gain g i x in
          value (uncapped n 1) (mistakes n m) (payoff n g' (stake g' (scaled c g'))) (V x))
    /\ V (g i) = lam
    /\ derivable_pt_lim V (g i) (lam * design n g s lam i / g i).

(* Near m the value is V, and dV/dm = -1/H; at proportional harm 1/H = (1 + c)/H'. *)
Definition V4_mistake_slope_statement : Prop :=
  forall n g h m lam, pool n g h ->
  let s := stake g h in
  level n g s m lam -> 0 < lam -> (forall k, (k < n)%nat -> g k <> lam) ->
  (exists (V : R -> R) eps, 0 < eps
    /\ (forall x, Rabs (x - m) < eps ->
          value (uncapped n 1) (mistakes n x) (payoff n g s) (V x))
    /\ V m = lam
    /\ derivable_pt_lim V m (- / density n g s lam))
  /\ forall c, 0 <= c -> (forall i, (i < n)%nat -> h i = c * g i) ->
       / density n g s lam = (1 + c) / sum n (supported g lam (fun i => / g i)).

(* ------------------------------------------------- V2, V7, R1, R2, R3 for gains in any order *)

Definition reordered (sigma : nat -> nat) (f : nat -> R) (i : nat) : R := f (sigma i).

(* Every order can be sorted; the theorems below say that the formulas of the sorted copy are
   those of the game as it is. *)
Definition sorting_statement : Prop :=
  forall n f, exists sigma tau, permutation n sigma tau /\ descending n (reordered sigma f).

Definition V2_unsorted_statement : Prop :=
  forall n g h m lam sigma tau, pool n g h -> permutation n sigma tau ->
  let g' := reordered sigma g in let s' := reordered sigma (stake g h) in
  descending n g' -> level n g (stake g h) m lam ->
  (forall k, (1 <= k <= n)%nat -> ratio g' s' m k <= lam)
  /\ exists k, (1 <= k <= n)%nat /\ ratio g' s' m k = lam
       /\ forall i, (i < n)%nat -> ((i < k)%nat <-> lam <= g' i).

Definition V7_unsorted_statement : Prop :=
  (forall n g s q k theta sigma tau, (k < n)%nat -> 0 <= theta <= 1 -> permutation n sigma tau ->
     nonneg n (fun i => q i * s i) ->
     let bite := reordered sigma (fun i => q i * s i) in descending n bite ->
     worst (mistakes n (INR k + theta)) (payoff n g s) q
       (sum n (fun i => q i * g i) - (sum k bite + theta * bite k)))
  /\ (forall n g h k sigma tau, (k < n)%nat -> pool n g h -> permutation n sigma tau ->
     let s' := reordered sigma (stake g h) in descending n s' ->
     worst (mistakes n (INR k)) (payoff n g (stake g h)) (fun _ => / INR n)
       ((sum n g - sum k s') / INR n)).

Definition R_unsorted_statement : Prop :=
  forall n g h m V t1 sigma tau, pool n g h -> permutation n sigma tau ->
  descending n (reordered sigma g) ->
  level n g (stake g h) (INR m) V -> 0 < V -> level n g (stake g h) 1 t1 ->
  exists j, pivot n (reordered sigma g) (reordered sigma h) V j /\ (j <= m)%nat
    /\ (forall t, excess n g h V (g (sigma j)) <= excess n g h V t)
    /\ ratio_value n m g (stake g h) (V / excess n g h V (g (sigma j)))
    /\ regret_value n m g (stake g h) (excess n g h V (Rmax (g (sigma j)) t1) - V)
    /\ (t1 <= g (sigma j) -> forall x y, ratio_value n m g (stake g h) x ->
          regret_value n m g (stake g h) y -> x = V / (V + y)).

(* ----------------------------------------------- the regret of a learner who may abstain: R2 *)

(* Where every point is wrong the best in hindsight is to ask nothing. *)
Definition idle_regret_value n m g s (x : R) : Prop :=
  (exists q, uncapped n 1 q /\ forall l b, marked n m l -> hindsight n g s l b ->
     Rmax 0 b - payoff n g s q l <= x)
  /\ (forall q, uncapped n 1 q -> exists l b, marked n m l /\ hindsight n g s l b /\
     x <= Rmax 0 b - payoff n g s q l).

Definition R2_abstaining_statement : Prop :=
  forall n g h m V j t1, pool n g h -> descending n g ->
  level n g (stake g h) (INR m) V -> 0 < V -> pivot n g h V j ->
  level n g (stake g h) 1 t1 ->
  idle_regret_value n m g (stake g h) (excess n g h V (Rmax (g j) t1) - V).

(* V = 0: the same formula, with 0 in place of g_j where the weights h/s do not reach one. *)
Definition R2_zero_statement : Prop :=
  forall n g h m x t1, (0 < n)%nat -> pool n g h -> descending n g ->
  sum n (fun i => g i / stake g h i) <= INR m ->
  (exists j, pivot n g h 0 j /\ x = g j) \/ (sum n (fun i => h i / stake g h i) < 1 /\ x = 0) ->
  level n g (stake g h) 1 t1 ->
  idle_regret_value n m g (stake g h) (excess n g h 0 (Rmax x t1)).

(* ----------------------------------------- without replacement V is piecewise linear in m: V4 *)

(* The largest of N affine functions of m, the same ones for all m. *)
Definition V4_capped_pieces_statement : Prop :=
  forall n g h b, pool n g h -> 0 <= b ->
  exists (N : nat) (a t : nat -> R), forall m v, 0 <= m ->
    value (capped n b) (mistakes n m) (payoff n g (stake g h)) v ->
    greatest N (fun j => a j - t j * m) v.
