(* Many rounds against one budget of mistakes: N1. *)
Require Import Reals Lra Lia Arith.
From Radsim Require Import Statements RoundStatements Sums Levels Prices Capped.
Open Scope R_scope.

(* ------------------------------------------------------------------------------ small tools *)

Lemma finite_choice {A : Type} (x0 : A) T (P : nat -> A -> Prop) :
  (forall t, (t < T)%nat -> exists x, P t x) -> exists f, forall t, (t < T)%nat -> P t (f t).
Proof.
  induction T; intros E; [exists (fun _ => x0); intros; lia|].
  destruct IHT as (f & F); [intros; apply E; lia|]. destruct (E T) as (x & X); [lia|].
  exists (fun t => if Nat.eq_dec t T then x else f t). intros t L.
  destruct (Nat.eq_dec t T) as [->|N]; [exact X|]. apply F. lia.
Qed.

Lemma pool_stakes n g h : pool n g h -> all_positive n (stake g h).
Proof. intros P i Hi. destruct (P i Hi). unfold stake. lra. Qed.

Lemma at_price_is_capped n s b tau q : at_price n s b tau q -> capped n b q.
Proof.
  intros (Q1 & Q2). split; auto. intros i Hi. specialize (Q1 i Hi).
  assert (L := share_le_one tau s i). lra.
Qed.

Lemma N1_guarantee : N1_guarantee_statement.
Proof.
  intros n g s b tau q l s_pos (Q1 & _) L. unfold payoff.
  rewrite <- sum_scal, <- sum_minus. apply sum_le. intros i Hi.
  specialize (Q1 i Hi). specialize (L i Hi). specialize (s_pos i Hi).
  assert (B := share_times_stake_le tau s i s_pos).
  assert (q i * s i <= share tau s i * s i) by (apply Rmult_le_compat_r; lra). nra.
Qed.

(* --------------------------------------------------------------------------- fractional sort *)

Lemma level_of_budget n g h b tau : pool n g h -> 0 <= b -> 0 <= tau ->
  exists lam, 0 <= lam /\ sum n (above g lam (share tau (stake g h))) <= b
    /\ (lam = 0 \/ b <= sum n (supported g lam (share tau (stake g h)))).
Proof.
  intros P B T. apply (threshold_exists n g (share tau (stake g h)) b); auto.
  - intros i Hi. destruct (P i Hi). auto.
  - intros i Hi. apply share_nonneg; auto. apply (pool_stakes n g h P i Hi).
Qed.

Lemma sorted_design n g h b tau lam : pool n g h -> 0 <= tau -> 0 <= lam ->
  let s := stake g h in
  sum n (above g lam (share tau s)) <= b -> (lam = 0 \/ b <= sum n (supported g lam (share tau s))) ->
  exists q theta, 0 <= theta <= 1 /\ priced_design n g s lam tau q
    /\ (forall i, (i < n)%nat -> g i = lam -> q i = theta * share tau s i)
    /\ at_price n s b tau q /\ (sum n q = b \/ lam = 0).
Proof.
  intros P T L s A B.
  assert (Sh : forall i, (i < n)%nat -> 0 <= share tau s i).
  { intros i Hi. apply share_nonneg; auto. apply (pool_stakes n g h P i Hi). }
  assert (E : exists theta, 0 <= theta <= 1 /\
    (sum n (fun i => above g lam (share tau s) i
       + theta * (supported g lam (share tau s) i - above g lam (share tau s) i)) = b
     \/ lam = 0 /\ theta = 0)).
  { destruct B as [Z|B]; [exists 0; split; [lra|auto]|].
    destruct (mixture_attains_total n _ _ b (conj A B)) as (t & Ht & E). exists t. auto. }
  destruct E as (theta & Ht & E).
  exists (fun i => above g lam (share tau s) i
       + theta * (supported g lam (share tau s) i - above g lam (share tau s) i)), theta.
  split; [exact Ht|]. unfold above, supported in *. split; [|split; [|split; [split|]]].
  - intros i Hi. specialize (Sh i Hi).
    destruct (Rlt_dec lam (g i)), (Rle_dec lam (g i)); repeat split; intros; nra.
  - intros i Hi E1. destruct (Rlt_dec lam (g i)), (Rle_dec lam (g i)); lra.
  - intros i Hi. specialize (Sh i Hi). destruct (Rlt_dec lam (g i)), (Rle_dec lam (g i)); nra.
  - destruct E as [E|(_ & Z)]; [lra|]. eapply Rle_trans; [|exact A]. right. apply sum_ext.
    intros i Hi. rewrite Z. lra.
  - tauto.
Qed.

(* No design at the price earns more than b lam and the surplus above lam. *)
Lemma at_price_earns_at_most n g s b tau lam q : 0 <= lam -> at_price n s b tau q ->
  sum n (fun i => q i * g i) <= b * lam + sum n (fun i => share tau s i * pos (g i - lam)).
Proof.
  intros L (Q1 & Q2).
  apply Rle_trans with (lam * sum n q + sum n (fun i => share tau s i * pos (g i - lam))); [|nra].
  rewrite <- sum_scal, <- sum_plus. apply sum_le. intros i Hi. specialize (Q1 i Hi).
  destruct (pos_cases (g i - lam)) as [(C & ->)|(C & ->)]; nra.
Qed.

Lemma N1_sort : N1_sort_statement.
Proof.
  intros n g h b tau P B T s.
  destruct (level_of_budget n g h b tau P B T) as (lam & L & A1 & A2).
  destruct (sorted_design n g h b tau lam P T L A1 A2) as (q & theta & Ht & D & Lv & Q & C).
  exists lam, q, theta. split; [exact L|]. split; [exact Ht|]. split; [exact D|].
  split; [exact Lv|]. split; [exact Q|]. split; [|exists q; auto].
  intros q' Q'. eapply Rle_trans; [apply (at_price_earns_at_most n g s b tau lam q' L Q')|].
  replace (b * lam) with (lam * sum n q) by (destruct C as [-> | ->]; ring).
  rewrite <- sum_scal, <- sum_plus. right. apply sum_ext. intros i Hi.
  destruct (D i Hi) as (D1 & _ & D3).
  destruct (Rtotal_order lam (g i)) as [C1|[C1|C1]].
  - rewrite D1, pos_of_nonneg by lra. fold s. ring.
  - rewrite <- C1, pos_of_nonpos by lra. ring.
  - rewrite D3, pos_of_nonpos by lra. ring.
Qed.

Lemma most_at_price_exists n g h b tau : pool n g h -> 0 <= b -> 0 <= tau ->
  exists a, most_at_price n g (stake g h) b tau a.
Proof.
  intros P B T. destruct (N1_sort n g h b tau P B T) as (lam & q & theta & _ & _ & _ & _ & _ & M).
  eexists. exact M.
Qed.

(* ----------------------------------------------- the points of all rounds in one row of numbers *)

Section Row.
Variables (n : nat -> nat) (W : nat).
Hypothesis W_pos : (0 < W)%nat.
Definition row (f : plan) (k : nat) : R :=
  if lt_dec (k mod W) (n (k / W)%nat) then f (k / W)%nat (k mod W) else 0.

Lemma row_at f t i : (i < W)%nat -> row f (t * W + i) = if lt_dec i (n t) then f t i else 0.
Proof.
  intros L. unfold row.
  replace ((t * W + i) / W)%nat with t
    by (rewrite Nat.div_add_l by lia; rewrite Nat.div_small by lia; lia).
  replace ((t * W + i) mod W) with i
    by (rewrite Nat.add_comm, Nat.mod_add by lia; rewrite Nat.mod_small by lia; lia).
  reflexivity.
Qed.

Lemma sum_of_row T f : (forall t, (t < T)%nat -> (n t <= W)%nat) ->
  sum (T * W) (row f) = sum T (fun t => sum (n t) (f t)).
Proof.
  induction T; intros L; [reflexivity|]. simpl sum at 2.
  rewrite <- IHT by (intros; apply L; lia).
  rewrite (sum_split (S T * W) (T * W)) by lia. f_equal.
  replace (S T * W - T * W)%nat with W by lia.
  rewrite (sum_prefix W (n T)).
  - apply sum_ext. intros i Hi. assert (n T <= W)%nat by (apply L; lia).
    rewrite row_at by lia. destruct (lt_dec i (n T)); [reflexivity|lia].
  - apply L. lia.
  - intros i (I1 & I2). rewrite row_at by lia. destruct (lt_dec i (n T)); [lia|reflexivity].
Qed.
End Row.

Lemma widest T (n : nat -> nat) : exists W, (0 < W)%nat /\ forall t, (t < T)%nat -> (n t <= W)%nat.
Proof.
  induction T; [exists 1%nat; split; [lia|intros; lia]|].
  destruct IHT as (W & W0 & L). exists (W + n T)%nat. split; [lia|]. intros t Ht.
  destruct (Nat.eq_dec t T) as [->|]; [lia|]. specialize (L t). lia.
Qed.

(* Against bites x = q s the teacher takes tau for each of its M mistakes, and what sticks out. *)
Lemma mistakes_that_bite T n M (x : plan) : 0 <= M ->
  (forall t i, (t < T)%nat -> (i < n t)%nat -> 0 <= x t i) ->
  exists tau l, 0 <= tau /\ shared_mistakes T n M l
    /\ sum T (fun t => sum (n t) (fun i => x t i * l t i))
       = tau * M + sum T (fun t => sum (n t) (fun i => pos (x t i - tau))).
Proof.
  intros M0 X. destruct (widest T n) as (W & W0 & L).
  set (bites := fun k => if Rlt_dec 0 (row n W x k) then row n W x k else 1).
  set (real := fun k => if Rlt_dec 0 (row n W x k) then 1 else 0).
  destruct (threshold_exists (T * W) bites real M) as (tau & T0 & A & B); auto.
  { intros k _. unfold bites. destruct (Rlt_dec 0 (row n W x k)); lra. }
  { intros k _. unfold real. destruct (Rlt_dec 0 (row n W x k)); lra. }
  assert (E : exists theta, 0 <= theta <= 1 /\
    let f k := heavier bites tau real k
               + theta * (as_heavy bites tau real k - heavier bites tau real k) in
    sum (T * W) f <= M /\ (sum (T * W) f = M \/ tau = 0)).
  { destruct B as [Z|B].
    - exists 0. split; [lra|]. intros f. split; [|auto]. eapply Rle_trans; [|exact A].
      right. apply sum_ext. intros. unfold f. ring.
    - destruct (mixture_attains_total (T * W) _ _ M (conj A B)) as (t & Ht & E). exists t.
      split; [exact Ht|]. intros f. fold f in E. split; [lra|auto]. }
  destruct E as (theta & Ht & F1 & F2).
  set (f k := heavier bites tau real k
               + theta * (as_heavy bites tau real k - heavier bites tau real k)) in *.
  set (l t i := f (t * W + i)%nat).
  assert (At : forall t i, (t < T)%nat -> (i < n t)%nat ->
    0 <= l t i <= 1 /\ x t i * l t i = tau * l t i + pos (x t i - tau)).
  { intros t i H1 H2. specialize (X t i H1 H2). specialize (L t H1).
    assert (Rw := row_at n W W0 x t i ltac:(lia)). destruct (lt_dec i (n t)); [|lia].
    unfold l, f, heavier, as_heavy, bites, real. rewrite Rw.
    destruct (Rlt_dec 0 (x t i)); destruct (pos_cases (x t i - tau)) as [(C & ->)|(C & ->)];
    repeat (destruct (Rlt_dec tau _)); repeat (destruct (Rle_dec tau _)); split; nra. }
  assert (Same : total_mistakes T n l = sum (T * W) f).
  { unfold total_mistakes. rewrite <- (sum_of_row n W W0 T l L). apply sum_ext. intros k Hk.
    unfold row, l. replace (k / W * W + k mod W)%nat with k
      by (rewrite Nat.mul_comm; apply Nat.div_mod; lia).
    destruct (lt_dec (k mod W) (n (k / W)%nat)) as [Inside|Outside]; [reflexivity|].
    assert (Z : row n W x k = 0).
    { unfold row. destruct (lt_dec (k mod W) (n (k / W)%nat)); [lia|reflexivity]. }
    unfold f, heavier, as_heavy, bites, real. rewrite Z. destruct (Rlt_dec 0 0); [lra|].
    destruct (Rlt_dec tau 1), (Rle_dec tau 1); lra. }
  exists tau, l. split; [exact T0|]. split.
  - split; [intros t H1 i H2; apply At; auto|]. rewrite Same. exact F1.
  - replace (tau * M) with (tau * total_mistakes T n l)
      by (rewrite Same; destruct F2 as [-> | ->]; ring).
    unfold total_mistakes. rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros t H1.
    rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros i H2. apply At; auto.
Qed.

(* ------------------------------------------------------------------------- V by prices: N1 *)

Lemma payoff_split n g s q l :
  payoff n g s q l = sum n (fun i => q i * g i) - sum n (fun i => q i * s i * l i).
Proof. unfold payoff. rewrite <- sum_minus. apply sum_ext. intros. ring. Qed.

Lemma prices_below_value T n g h b M v tau a : pools T n g h -> 0 <= tau ->
  rounds_value T n g (stakes g h) b M v ->
  (forall t, (t < T)%nat -> most_at_price (n t) (g t) (stakes g h t) (b t) tau (a t)) ->
  sum T a - tau * M <= v.
Proof.
  intros P T0 (q & l & _ & (L1 & L2) & _ & U) A.
  destruct (finite_choice (fun _ : nat => 0) T (fun t q' =>
    at_price (n t) (stakes g h t) (b t) tau q' /\ sum (n t) (fun i => q' i * g t i) = a t))
    as (q' & Q).
  { intros t Ht. destruct (A t Ht) as (_ & q' & Q). exists q'. exact Q. }
  apply Rle_trans with (plans_payoff T n g (stakes g h) q' l).
  - apply Rle_trans with (sum T a - tau * total_mistakes T n l); [nra|].
    unfold total_mistakes, plans_payoff. rewrite <- sum_scal, <- sum_minus. apply sum_le.
    intros t Ht. destruct (Q t Ht) as (Q1 & <-). apply N1_guarantee with (b := b t); auto.
    apply pool_stakes. apply P. exact Ht.
  - apply U. intros t Ht. destruct (Q t Ht) as (Q1 & _). eapply at_price_is_capped. exact Q1.
Qed.

(* A design cut to the price loses no more than what sticks out of it: here h >= 0 is needed. *)
Lemma cut_to_price n g h b tau q : pool n g h -> 0 <= tau -> capped n b q ->
  let s := stake g h in let cut i := Rmin (q i) (share tau s i) in
  at_price n s b tau cut
  /\ sum n (fun i => q i * g i) - sum n (fun i => pos (q i * s i - tau))
     <= sum n (fun i => cut i * g i).
Proof.
  intros P T0 (Q1 & Q2) s cut.
  assert (S0 := pool_stakes n g h P). fold s in S0. split; [split|].
  - intros i Hi. split; [|apply Rmin_r]. apply Rmin_glb; [apply Q1; auto|].
    apply share_nonneg; auto.
  - eapply Rle_trans; [|exact Q2]. apply sum_le. intros i Hi. apply Rmin_l.
  - rewrite <- sum_minus. apply sum_le. intros i Hi. specialize (Q1 i Hi). specialize (S0 i Hi).
    destruct (P i Hi) as (G0 & H0). assert (Sg : g i <= s i) by (unfold s, stake; lra).
    unfold cut. destruct (Rle_dec (s i) tau) as [C|C].
    + rewrite share_of_light_stake, Rmin_left by lra.
      rewrite pos_of_nonpos by nra. lra.
    + rewrite share_of_heavy_stake by lra. assert (E : tau = tau / s i * s i) by (field; lra).
      set (r := tau / s i) in *. destruct (Rle_dec (q i) r).
      * rewrite Rmin_left by lra. assert (0 <= pos (q i * s i - tau)) by apply Rmax_l. lra.
      * rewrite Rmin_right by lra. rewrite pos_of_nonneg by nra. rewrite E at 1. nra.
Qed.

Lemma some_price_reaches_value T n g h b M v : pools T n g h ->
  (forall t, (t < T)%nat -> 0 <= b t) -> 0 <= M -> rounds_value T n g (stakes g h) b M v ->
  exists tau a, 0 <= tau
    /\ (forall t, (t < T)%nat -> most_at_price (n t) (g t) (stakes g h t) (b t) tau (a t))
    /\ v <= sum T a - tau * M.
Proof.
  intros P B M0 (q & l0 & Q & _ & W & _).
  destruct (mistakes_that_bite T n M (fun t i => q t i * stakes g h t i) M0)
    as (tau & l & T0 & L & E).
  { intros t i Ht Hi. destruct (Q t Ht) as (Q1 & _). specialize (Q1 i Hi).
    assert (S0 := pool_stakes _ _ _ (P t Ht) i Hi). unfold stakes. nra. }
  destruct (finite_choice 0 T (fun t a =>
    most_at_price (n t) (g t) (stakes g h t) (b t) tau a)) as (a & A).
  { intros t Ht. apply most_at_price_exists; auto. }
  exists tau, a. split; [exact T0|]. split; [exact A|]. specialize (W l L).
  apply Rle_trans with (plans_payoff T n g (stakes g h) q l); [exact W|].
  replace (plans_payoff T n g (stakes g h) q l) with
    (sum T (fun t => sum (n t) (fun i => q t i * g t i)
                     - sum (n t) (fun i => pos (q t i * stakes g h t i - tau))) - tau * M).
  2: { rewrite sum_minus. unfold plans_payoff.
       rewrite (sum_ext T (fun t => payoff _ _ _ _ _) _ (fun t _ => payoff_split _ _ _ _ _)).
       rewrite sum_minus, E. ring. }
  apply Rplus_le_compat_r. apply sum_le. intros t Ht.
  destruct (cut_to_price (n t) (g t) (h t) (b t) tau (q t) (P t Ht) T0 (Q t Ht)) as (C1 & C2).
  destruct (A t Ht) as (A1 & _). eapply Rle_trans; [exact C2|]. apply A1. exact C1.
Qed.

Lemma N1_prices : N1_prices_statement.
Proof.
  intros T n g h b M v P B M0 s V. split.
  - intros tau a T0 A. apply (prices_below_value T n g h b M v tau a P T0 V A).
  - destruct (some_price_reaches_value T n g h b M v P B M0 V) as (tau & a & T0 & A & L).
    exists tau, a. split; [exact T0|]. split; [exact A|]. apply Rle_antisym; [exact L|].
    apply (prices_below_value T n g h b M v tau a P T0 V A).
Qed.

Lemma N1_single : N1_single_statement.
Proof.
  intros n g h m b P M0 B0 s. destruct (V3_value n g h m b P M0 B0) as (v & V & _).
  exists v. split; [exact V|].
  assert (Rv : rounds_value 1 (fun _ => n) (fun _ => g) (stakes (fun _ => g) (fun _ => h))
                (fun _ => b) m v).
  { destruct V as (q & l & Q & (L1 & L2) & A & U). exists (fun _ => q), (fun _ => l).
    split; [intros t _; exact Q|].
    split; [split; [intros t _; exact L1|unfold total_mistakes; simpl; lra]|].
    unfold plans_payoff. simpl. split.
    - intros l' (L1' & L2'). rewrite Rplus_0_l. apply A. split; [apply L1'; lia|].
      unfold total_mistakes in L2'. simpl in L2'. lra.
    - intros q' Q'. rewrite Rplus_0_l. apply U. apply Q'. lia. }
  destruct (N1_prices 1%nat (fun _ => n) (fun _ => g) (fun _ => h) (fun _ => b) m v) as (X & Y); auto.
  { intros t _. exact P. }
  split.
  - intros tau a T0 A. specialize (X tau (fun _ => a) T0 (fun _ _ => A)). simpl in X. lra.
  - destruct Y as (tau & a & T0 & A & E). exists tau, (a 0%nat). split; [exact T0|].
    split; [apply A; lia|]. simpl in E. lra.
Qed.

(* ------------------------------------------------------------------------- V by splits: N1 *)

Lemma value_below_splits T n g s b M v m x : rounds_value T n g s b M v -> sum T m = M ->
  (forall t, (t < T)%nat ->
     value (capped (n t) (b t)) (mistakes (n t) (m t)) (payoff (n t) (g t) (s t)) (x t)) ->
  v <= sum T x.
Proof.
  intros (q & l & Q & _ & W & _) E V.
  destruct (finite_choice (fun _ : nat => 0) T (fun t l' => mistakes (n t) (m t) l'
    /\ forall q', capped (n t) (b t) q' -> payoff (n t) (g t) (s t) q' l' <= x t)) as (l' & L).
  { intros t Ht. destruct (V t Ht) as (qt & lr & _ & L1 & _ & U). exists lr. auto. }
  apply Rle_trans with (plans_payoff T n g s q l').
  - apply W. split; [intros t Ht; apply L; auto|]. rewrite <- E. apply sum_le.
    intros t Ht. apply L. exact Ht.
  - apply sum_le. intros t Ht. apply L; auto.
Qed.

Lemma N1_splits : N1_splits_statement.
Proof.
  intros T n g h b M v P B T1 s V Vt. split.
  - intros m x _ E H. apply (value_below_splits T n g s b M v m x V E H).
  - assert (V' := V). destruct V' as (q & l & Q & (L1 & L2) & _ & U).
    (* what the teacher leaves unused goes to round 0 *)
    set (m t := sum (n t) (l t) + if Nat.eq_dec t 0 then M - total_mistakes T n l else 0).
    assert (N : nonneg T m).
    { intros t Ht. unfold m. assert (0 <= sum (n t) (l t)).
      { apply sum_nonneg. intros i Hi. apply (L1 t Ht i Hi). }
      destruct (Nat.eq_dec t 0); lra. }
    assert (E : sum T m = M).
    { unfold m. rewrite sum_plus. fold (total_mistakes T n l).
      rewrite (sum_ext T _ (fun t => unit_vector 0 t * (M - total_mistakes T n l))).
      - rewrite sum_unit_vector_times by exact T1. ring.
      - intros t _. unfold unit_vector. destruct (Nat.eq_dec t 0); ring. }
    destruct (finite_choice 0 T (fun t x => Vt t (m t) x)) as (x & X).
    { intros t Ht. destruct (V3_value (n t) (g t) (h t) (m t) (b t) (P t Ht) (N t Ht) (B t Ht))
        as (x & X & _). exists x. exact X. }
    exists m, x. split; [exact N|]. split; [exact E|]. split; [exact X|].
    apply Rle_antisym; [apply (value_below_splits T n g s b M v m x V E X)|].
    destruct (finite_choice (fun _ : nat => 0) T (fun t q' => capped (n t) (b t) q'
      /\ forall l', mistakes (n t) (m t) l' -> x t <= payoff (n t) (g t) (s t) q' l')) as (q' & Q').
    { intros t Ht. destruct (X t Ht) as (qt & lr & Q1 & _ & W & _). exists qt. auto. }
    apply Rle_trans with (plans_payoff T n g s q' l).
    + apply sum_le. intros t Ht. apply Q'; auto. split; [apply L1; auto|]. unfold m.
      destruct (Nat.eq_dec t 0); lra.
    + apply U. intros t Ht. apply Q'. exact Ht.
Qed.

(* ------------------------------------------------------------------------ without h >= 0: N1 *)

Lemma N1_refuted : N1_refuted_statement.
Proof.
  split.
  - exists (fun _ => 1), (fun i => match i with 0%nat => 1 | _ => 1 / 2 end).
    unfold capped, mistakes, unit_box, payoff, half_eighth.
    split; [split; [intros; lra|simpl; lra]|].
    split; [split; [intros [|i] _; lra|simpl; lra]|]. simpl. split.
    + intros l (L1 & L2). assert (A := L1 0%nat ltac:(lia)). assert (B := L1 1%nat ltac:(lia)). lra.
    + intros q (Q1 & Q2). assert (A := Q1 0%nat ltac:(lia)). assert (B := Q1 1%nat ltac:(lia)). lra.
  - intros tau a T0 (_ & q & (Q1 & _) & <-). simpl.
    assert (A := Q1 0%nat ltac:(lia)). assert (B := Q1 1%nat ltac:(lia)).
    unfold share, half_eighth in A, B.
    assert (C := Rmin_l 1 (tau / (1 / 2))). assert (D := Rmin_r 1 (tau / (1 / 2))).
    assert (F := Rmin_l 1 (tau / (1 / 8))). lra.
Qed.
