(* A checker of answers as the code gives them, and its meaning.  An answer holds a game, a strategy
   of each side and prices, all of them whole numbers over two common denominators: a float is such
   a number, so nothing is rounded.  The checker works out a lower and an upper bound; what it
   accepts lies between them.  To be audited: this file, with Statements.v. *)
Require Import Reals ZArith List Bool.
From Radsim Require Import Statements.
Import ListNotations.
Open Scope R_scope.

(* -------------------------------------------------------------------------- what is handed in *)

(* Gains and harms in the unit 1/grain; the largest chance of a mistake, the chances that a point is
   queried and that it is mistaken in the unit 1/one. *)
Record point := Point { gain : Z; harm : Z; limit : Z; asked : Z; missed : Z }.
(* Mistakes allowed in the group, in 1/one; the price of one, in 1/(grain one). *)
Record group := Group { most : Z; price : Z; members : list point }.
(* Each point at most once or not; budget may stay unspent or not.  The budget in 1/one; the price of
   a query in 1/(grain one). *)
Record answer := Answer
  { with_cap : bool; may_abstain : bool; one : Z; grain : Z; budget : Z; level : Z;
    groups : list group }.

Definition nothing : point := Point 0 0 0 0 0.
Definition nobody : group := Group 0 0 [].

(* ------------------------------------------------------------------------- the game it is about *)

Definition points (a : answer) : list point := flat_map members (groups a).
Definition size (a : answer) : nat := length (points a).
(* A field of point i as a real number, d being its denominator. *)
Definition field (f : point -> Z) (d : Z) (ps : list point) (i : nat) : R :=
  IZR (f (nth i ps nothing)) / IZR d.
(* The group of point i: the first has the first points. *)
Fixpoint place (gs : list group) (i : nat) : nat :=
  match gs with
  | [] => O
  | G :: rest => if Nat.ltb i (length (members G)) then O
                 else S (place rest (i - length (members G)))
  end.

Definition its_budget (a : answer) : R := IZR (budget a) / IZR (one a).
Definition its_gains (a : answer) : nat -> R := field gain (grain a) (points a).
Definition its_harms (a : answer) : nat -> R := field harm (grain a) (points a).
Definition its_design (a : answer) : nat -> R := field asked (one a) (points a).
Definition its_mistakes (a : answer) : nat -> R := field missed (one a) (points a).
Definition its_payoff (a : answer) : (nat -> R) -> (nat -> R) -> R :=
  payoff (size a) (its_gains a) (stake (its_gains a) (its_harms a)).

Definition learner_set (a : answer) (q : nat -> R) : Prop :=
  match with_cap a, may_abstain a with
  | true, true => capped (size a) (its_budget a) q
  | false, true => uncapped (size a) (its_budget a) q
  | false, false => forced (size a) (its_budget a) q
  | true, false => unit_box (size a) q /\ sum (size a) q = its_budget a
  end.
(* At most its limit at each point, and at most so many in each group. *)
Definition teacher_set (a : answer) (l : nat -> R) : Prop :=
  (forall i, (i < size a)%nat -> 0 <= l i <= field limit (one a) (points a) i)
  /\ forall j, (j < length (groups a))%nat ->
       sum (size a) (inside (place (groups a)) j l)
       <= IZR (most (nth j (groups a) nobody)) / IZR (one a).

(* --------------------------------------------------------------------------------- the checker *)

Open Scope Z_scope.

Definition total {A : Type} (f : A -> Z) (xs : list A) : Z :=
  fold_left (fun t x => t + f x) xs 0.
Definition stakes (p : point) : Z := gain p + harm p.

Definition proper_point (cap : bool) (full : Z) (p : point) : bool :=
  (0 <=? asked p) && (negb cap || (asked p <=? full))
  && (0 <=? missed p) && (missed p <=? limit p).
Definition proper_group (a : answer) (G : group) : bool :=
  forallb (proper_point (with_cap a) (one a)) (members G)
  && (0 <=? price G) && (total missed (members G) <=? most G).
Definition spent (a : answer) : Z := total (fun G => total asked (members G)) (groups a).
Definition proper (a : answer) : bool :=
  (0 <? one a) && (0 <? grain a) && forallb (proper_group a) (groups a)
  && if may_abstain a then (spent a <=? budget a) && (0 <=? level a) else spent a =? budget a.

(* What the design earns at least, and what any design earns at most: in 1/(grain one one). *)
Definition lower (a : answer) : Z :=
  total (fun G =>
    one a * total (fun p => asked p * gain p) (members G)
    - total (fun p => limit p * Z.max 0 (asked p * stakes p - price G)) (members G)
    - most G * price G) (groups a).
Definition surplus (a : answer) : Z :=
  total (fun G =>
    total (fun p => Z.max 0 (one a * gain p - missed p * stakes p - level a)) (members G))
    (groups a).

Definition verdict (a : answer) : option (Z * Z) :=
  let rest := surplus a in
  if proper a && (with_cap a || (rest =? 0))
  then Some (lower a, budget a * level a + one a * rest) else None.

Open Scope R_scope.
Definition in_units (a : answer) (z : Z) : R := IZR z / (IZR (grain a) * IZR (one a) * IZR (one a)).

(* Both strategies are feasible, the design earns `low` against every teacher, no design earns more
   than `high` against these mistakes, and so every saddle value lies between. *)
Definition enclosed (a : answer) (low high : Z) : Prop :=
  learner_set a (its_design a) /\ teacher_set a (its_mistakes a)
  /\ (forall l, teacher_set a l -> in_units a low <= its_payoff a (its_design a) l)
  /\ (forall q, learner_set a q -> its_payoff a q (its_mistakes a) <= in_units a high)
  /\ forall v, value (learner_set a) (teacher_set a) (its_payoff a) v ->
       in_units a low <= v <= in_units a high.
Definition verdict_sound_statement : Prop :=
  forall a low high, verdict a = Some (low, high) -> enclosed a low high.

(* One group, capped, abstaining: the value exists. *)
Definition verdict_value_statement : Prop :=
  forall a low high, verdict a = Some (low, high) ->
  with_cap a = true -> may_abstain a = true -> length (groups a) = 1%nat ->
  (forall p, In p (points a) -> (0 < stakes p)%Z) ->
  exists v, value (learner_set a) (teacher_set a) (its_payoff a) v
    /\ in_units a low <= v <= in_units a high.

(* ------------------------------------------------------------------------------- regret, b = 1 *)

(* The same answers: one group, `most` a whole number of mistakes, the design spends 1; limit, level
   and budget are not looked at.  The teacher's law is that of R_law: the first point left right, in
   the order of the list, is the benchmark. *)
Open Scope Z_scope.

Definition greatest_of (f : point -> Z) (ps : list point) : Z :=
  match ps with [] => 0 | p :: rest => fold_left (fun t x => Z.max t (f x)) rest (f p) end.
(* The benchmark's mean gain; none if it is not sure that a point is left right. *)
Fixpoint benchmark (full left earned : Z) (ps : list point) : option Z :=
  match ps with
  | [] => None
  | p :: rest =>
      let right := full - missed p in
      if left <=? right then Some (earned + left * gain p)
      else benchmark full (left - right) (earned + right * gain p) rest
  end.

Definition regret_point (full : Z) (p : point) : bool :=
  (0 <=? asked p) && (asked p <=? full) && (0 <=? missed p) && (missed p <=? full)
  && (0 <=? stakes p).
Definition regret_proper (a : answer) (G : group) : bool :=
  (0 <? one a) && (0 <? grain a) && forallb (regret_point (one a)) (members G) && (0 <=? price G)
  && (most G mod one a =? 0) && (total missed (members G) <=? most G)
  && (total asked (members G) =? one a).

Definition count (a : answer) : Z := most (hd nobody (groups a)) / one a.
Definition insured_part (G : group) (p : point) : Z := Z.max 0 (asked p * stakes p - price G).
Definition regret_upper (a : answer) (G : group) : Z :=
  price G * count a + total (fun p => insured_part G p - asked p * gain p) (members G)
  + greatest_of (fun p => one a * gain p - insured_part G p) (members G).

Definition regret_verdict (a : answer) : option (Z * Z) :=
  match groups a with
  | [G] =>
      if regret_proper a G then
        match benchmark (one a) (one a) 0 (members G) with
        | Some earned => Some (
            one a * (earned
                     - greatest_of (fun p => one a * gain p - missed p * stakes p) (members G)),
            one a * regret_upper a G)
        | None => None
        end
      else None
  | _ => None
  end.

Open Scope R_scope.
Definition regret_enclosed (a : answer) (low high : Z) : Prop :=
  let n := size a in let m := Z.to_nat (count a) in
  let g := its_gains a in let s := stake g (its_harms a) in
  forced n 1 (its_design a)
  /\ (forall l b, marked n m l -> hindsight n g s l b ->
        b - payoff n g s (its_design a) l <= in_units a high)
  /\ (forall p, forced n 1 p -> exists l b, marked n m l /\ hindsight n g s l b
        /\ in_units a low <= b - payoff n g s p l)
  /\ forall x, regret_value n m g s x -> in_units a low <= x <= in_units a high.
Definition regret_sound_statement : Prop :=
  forall a low high, regret_verdict a = Some (low, high) -> regret_enclosed a low high.
