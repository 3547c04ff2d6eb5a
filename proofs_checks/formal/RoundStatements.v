(* What is proved of many rounds (N1, N2), to be audited with Statements.v, whose definitions it
   uses.  Rounds are 0 .. T-1; round t has n t points with gains g t and stakes s t, and a budget
   b t without replacement.  Strategies are functions of the round and the point. *)
Require Import Reals.
From Radsim Require Import Statements.
Open Scope R_scope.

(* ---------------------------------------------- the rounds, with one budget of mistakes for all *)

Definition plan := nat -> nat -> R.
Definition plans_payoff (T : nat) (n : nat -> nat) (g s q l : plan) : R :=
  sum T (fun t => payoff (n t) (g t) (s t) (q t) (l t)).
Definition designs (T : nat) (n : nat -> nat) (b : nat -> R) (q : plan) : Prop :=
  forall t, (t < T)%nat -> capped (n t) (b t) (q t).
Definition total_mistakes (T : nat) (n : nat -> nat) (l : plan) : R :=
  sum T (fun t => sum (n t) (l t)).
Definition shared_mistakes (T : nat) (n : nat -> nat) (M : R) (l : plan) : Prop :=
  (forall t, (t < T)%nat -> unit_box (n t) (l t)) /\ total_mistakes T n l <= M.

(* A saddle point of the rounds together, as `saddle` is one of a single game. *)
Definition rounds_value T n g s b M (v : R) : Prop :=
  exists q l, designs T n b q /\ shared_mistakes T n M l
    /\ (forall l', shared_mistakes T n M l' -> v <= plans_payoff T n g s q l')
    /\ (forall q', designs T n b q' -> plans_payoff T n g s q' l <= v).

(* ------------------------------------------------------------- designs at a price of a mistake *)

(* On which no mistake costs more than the price tau. *)
Definition at_price n (s : nat -> R) b tau (q : nat -> R) : Prop :=
  (forall i, (i < n)%nat -> 0 <= q i <= share tau s i) /\ sum n q <= b.
(* A(tau), the most that such a design earns before mistakes. *)
Definition most_at_price n (g s : nat -> R) b tau (a : R) : Prop :=
  (forall q, at_price n s b tau q -> sum n (fun i => q i * g i) <= a)
  /\ exists q, at_price n s b tau q /\ sum n (fun i => q i * g i) = a.

Definition pools (T : nat) (n : nat -> nat) (g h : plan) : Prop :=
  forall t, (t < T)%nat -> pool (n t) (g t) (h t).
Definition stakes (g h : plan) : plan := fun t => stake (g t) (h t).

(* A fractional sort attains A(tau): all of the points above a level, a part of one share theta of
   those at it, none below. *)
Definition N1_sort_statement : Prop :=
  forall n g h b tau, pool n g h -> 0 <= b -> 0 <= tau ->
  let s := stake g h in
  exists lam q theta, 0 <= lam /\ 0 <= theta <= 1 /\ priced_design n g s lam tau q
    /\ (forall i, (i < n)%nat -> g i = lam -> q i = theta * share tau s i)
    /\ at_price n s b tau q
    /\ most_at_price n g s b tau (sum n (fun i => q i * g i)).

(* V = max over tau >= 0 of sum A_t(tau) - tau M, wherever the rounds have a value. *)
Definition N1_prices_statement : Prop :=
  forall T n g h b M v, pools T n g h -> (forall t, (t < T)%nat -> 0 <= b t) -> 0 <= M ->
  let s := stakes g h in
  rounds_value T n g s b M v ->
  (forall tau a, 0 <= tau ->
     (forall t, (t < T)%nat -> most_at_price (n t) (g t) (s t) (b t) tau (a t)) ->
     sum T a - tau * M <= v)
  /\ exists tau a, 0 <= tau
     /\ (forall t, (t < T)%nat -> most_at_price (n t) (g t) (s t) (b t) tau (a t))
     /\ v = sum T a - tau * M.

(* V = min over the splits of M of sum V_t(m_t), wherever the rounds have a value. *)
Definition N1_splits_statement : Prop :=
  forall T n g h b M v, pools T n g h -> (forall t, (t < T)%nat -> 0 <= b t) -> (0 < T)%nat ->
  let s := stakes g h in
  rounds_value T n g s b M v ->
  let V t m x := value (capped (n t) (b t)) (mistakes (n t) m) (payoff (n t) (g t) (s t)) x in
  (forall m x, nonneg T m -> sum T m = M -> (forall t, (t < T)%nat -> V t (m t) (x t)) ->
     v <= sum T x)
  /\ exists m x, nonneg T m /\ sum T m = M /\ (forall t, (t < T)%nat -> V t (m t) (x t))
     /\ v = sum T x.

(* One round: the value exists (V3), so its form by prices needs no further hypothesis. *)
Definition N1_single_statement : Prop :=
  forall n g h m b, pool n g h -> 0 <= m -> 0 <= b ->
  let s := stake g h in
  exists v, value (capped n b) (mistakes n m) (payoff n g s) v
    /\ (forall tau a, 0 <= tau -> most_at_price n g s b tau a -> a - tau * m <= v)
    /\ exists tau a, 0 <= tau /\ most_at_price n g s b tau a /\ v = a - tau * m.

(* Gains and stakes of any kind: at a price the teacher can take no more than tau a mistake. *)
Definition N1_guarantee_statement : Prop :=
  forall n g s b tau q l, (forall i, (i < n)%nat -> 0 < s i) -> at_price n s b tau q ->
  unit_box n l -> sum n (fun i => q i * g i) - tau * sum n l <= payoff n g s q l.

(* With stakes below the gains (h < 0) the form by prices is too low: g = (1, 1), s = (1/2, 1/8),
   b = 2 and 3/2 mistakes have the value 23/16, and no price gives more than 5/4. *)
Definition half_eighth (i : nat) : R := match i with 0%nat => 1 / 2 | _ => 1 / 8 end.
Definition N1_refuted_statement : Prop :=
  let g := fun _ : nat => 1 in
  value (capped 2 2) (mistakes 2 (3 / 2)) (payoff 2 g half_eighth) (23 / 16)
  /\ forall tau a, 0 <= tau -> most_at_price 2 g half_eighth 2 tau a -> a - tau * (3 / 2) <= 5 / 4.

(* --------------------------------------------------------------------- Hedge over K prices, N2 *)

(* Logarithms are numbers L with exp L = K, since ln of Coq's library rests on the excluded middle.
   x t k: what the designs at price k earn in round t.  Before round t each price has the weight
   exp (eta * (what it has earned)), which earlier rounds alone decide. *)
Definition earned (x : plan) (t k : nat) : R := sum t (fun r => x r k).
Definition hedge_weight (K : nat) (eta : R) (x : plan) (t k : nat) : R :=
  exp (eta * earned x t k) / sum K (fun j => exp (eta * earned x t j)).

(* Whatever the earnings are, within a width w in each round. *)
Definition N2_hedge_statement : Prop :=
  forall T K eta L (x : plan) low w k, 0 < eta -> exp L = INR K -> (k < K)%nat ->
  (forall t j, (t < T)%nat -> (j < K)%nat -> low <= x t j <= low + w) ->
  sum T (fun t => x t k) - L / eta - eta * INR T * (w * w) / 8
  <= sum T (fun t => sum K (fun j => hedge_weight K eta x t j * x t j)).

(* A design at each price, any mistakes l t in each round: those of an adaptive teacher, who knows
   all weights and designs up to round t, are of this kind. *)
Definition price_designs T n (g s : plan) (b : nat -> R) K (price : nat -> R)
    (q : nat -> nat -> nat -> R) : Prop :=
  forall t k, (t < T)%nat -> (k < K)%nat ->
    at_price (n t) (s t) (b t) (price k) (q t k)
    /\ most_at_price (n t) (g t) (s t) (b t) (price k) (sum (n t) (fun i => q t k i * g t i)).
(* From at most `bottom` up to at least `top`, each at most 1 + eps times the one before. *)
Definition grid K (price : nat -> R) eps bottom top : Prop :=
  (0 < K)%nat /\ 0 < price 0%nat <= bottom /\ top <= price (K - 1)%nat
  /\ forall k, (S k < K)%nat -> price k < price (S k) <= (1 + eps) * price k.

Definition N2_statement : Prop :=
  forall T n N (g h : plan) b B G H K L price eps q l v, (0 < T)%nat -> exp L = INR K ->
  pools T n g h -> 0 < eps -> 0 < B -> 0 < N -> 0 < G -> 0 <= H ->
  (forall t, (t < T)%nat -> INR (n t) <= N /\ 0 <= b t <= B
     /\ forall i, (i < n t)%nat -> g t i <= G /\ h t i <= H) ->
  let s := stakes g h in
  grid K price eps (eps * B * G / N) (G + H) ->
  price_designs T n g s b K price q ->
  (forall t, (t < T)%nat -> unit_box (n t) (l t)) ->
  let eta := sqrt (8 * L / INR T) / (B * (G + H)) in
  let x t k := payoff (n t) (g t) (s t) (q t k) (l t) in
  let mixed t i := sum K (fun k => hedge_weight K eta x t k * q t k i) in
  rounds_value T n g s b (total_mistakes T n l) v ->
  designs T n b mixed
  /\ v - eps * INR T * B * G - B * (G + H) * sqrt (INR T * L / 2)
     <= plans_payoff T n g s mixed l.
