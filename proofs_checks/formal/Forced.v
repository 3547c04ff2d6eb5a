(* A budget that must be spent (V3b, every b), points without stake or gain, and contaminated
   teachers (A5): all by other games of the kind that A2 solves. *)
Require Import Reals Lra Lia.
From Radsim Require Import Statements MoreStatements Sums Levels Prices Capped.
Open Scope R_scope.

(* ------------------------------------------------------------------- points without stake *)

Definition some_stake (s : nat -> R) (i : nat) : R := if Req_EM_T (s i) 0 then 1 else s i.
Definition at_stake (s f : nat -> R) (i : nat) : R := if Req_EM_T (s i) 0 then 0 else f i.

Lemma some_stake_positive n s : nonneg n s -> all_positive n (some_stake s).
Proof.
  intros N i Hi. specialize (N i Hi). unfold some_stake. destruct (Req_EM_T (s i) 0); lra.
Qed.

Lemma some_stake_times s l i : some_stake s i * at_stake s l i = s i * l i.
Proof. unfold some_stake, at_stake. destruct (Req_EM_T (s i) 0) as [->|]; ring. Qed.

Lemma some_stake_same s l i : l i <= at_stake s (fun _ => 1) i -> 0 <= l i ->
  some_stake s i * l i = s i * l i.
Proof.
  unfold some_stake, at_stake. destruct (Req_EM_T (s i) 0) as [->|]; intros; [|ring].
  replace (l i) with 0 by lra. ring.
Qed.

Lemma capped_payoff_le_surplus n g s b lam q l : 0 <= lam -> capped n b q ->
  payoff n g s q l <= b * lam + surplus n g s lam l.
Proof. intros L Q. apply payoff_le_by_level; auto. Qed.

Lemma spent_payoff_le_surplus n g s b lam q l : spent n b q ->
  payoff n g s q l <= b * lam + surplus n g s lam l.
Proof.
  intros (Q1 & <-). rewrite Rmult_comm. unfold surplus. rewrite <- sum_scal, <- sum_plus.
  apply sum_le. intros i Hi. specialize (Q1 i Hi).
  assert (A := le_pos (g i - s i * l i - lam)). assert (B := pos_nonneg (g i - s i * l i - lam)).
  nra.
Qed.

Lemma stakeless_saddle n g s m b : nonneg n s -> 0 <= m -> 0 <= b ->
  exists lam q l, 0 <= lam
    /\ saddle (capped n b) (mistakes n m) (payoff n g s) q l (b * lam + surplus n g s lam l).
Proof.
  intros N M B. set (r := at_stake s (fun _ => 1)).
  assert (Rn : nonneg n r).
  { intros i Hi. unfold r, at_stake. destruct (Req_EM_T (s i) 0); lra. }
  destruct (A2_capped n g (some_stake s) r m b M B (some_stake_positive n s N) Rn)
    as (lam & _ & q & l & L & _ & _ & _ & Hq & (L1 & L2) & A & C).
  assert (E : forall i, (i < n)%nat -> some_stake s i * l i = s i * l i).
  { intros i Hi. apply some_stake_same; apply L1; auto. }
  replace (sum n (fun i => pos (g i - some_stake s i * l i - lam))) with (surplus n g s lam l)
    in A, C by (apply sum_ext; intros i Hi; rewrite E by auto; reflexivity).
  exists lam, q, l. split; auto. split; auto. split; [|split].
  - split; auto. intros i Hi. specialize (L1 i Hi). unfold r, at_stake in L1.
    destruct (Req_EM_T (s i) 0); lra.
  - intros l' (U & Sm). eapply Rle_trans; [apply (A (at_stake s l'))|].
    + split.
      * intros i Hi. specialize (U i Hi). unfold r, at_stake. destruct (Req_EM_T (s i) 0); lra.
      * eapply Rle_trans; [|exact Sm]. apply sum_le. intros i Hi. specialize (U i Hi).
        unfold at_stake. destruct (Req_EM_T (s i) 0); lra.
    + right. apply sum_ext. intros i Hi. rewrite some_stake_times. reflexivity.
  - intros q' Hq'. eapply Rle_trans; [right|apply (C q' Hq')].
    apply sum_ext. intros i Hi. rewrite E by auto. reflexivity.
Qed.

(* ---------------------------------------------------------- the shift that makes spending pay *)

Lemma payoff_raised n g s K q l :
  payoff n (raised K g) s q l = payoff n g s q l + K * sum n q.
Proof.
  unfold payoff, raised. rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros. ring.
Qed.

Lemma surplus_raised n g s K lam l : surplus n (raised K g) s lam l = surplus n g s (lam - K) l.
Proof. apply sum_ext. intros i Hi. unfold raised. f_equal. ring. Qed.

Lemma raised_stays_positive g h K l : 0 < g + K -> h < K -> 0 <= l <= 1 ->
  0 < g + K - (g + h) * l.
Proof.
  intros G H L. replace (g + K - (g + h) * l) with ((1 - l) * (g + K) + l * (K - h)) by ring.
  destruct (Req_dec l 0) as [->|N]; [lra|].
  assert (0 < l * (K - h)) by (apply Rmult_lt_0_compat; lra).
  assert (0 <= (1 - l) * (g + K)) by (apply Rmult_le_pos; lra). lra.
Qed.

(* A design can be filled up to the whole budget. *)
Lemma filled_design n b q : capped n b q -> b <= INR n ->
  exists q', spent n b q' /\ forall i, (i < n)%nat -> q i <= q' i.
Proof.
  intros (Q1 & Q2) B. destruct (mixture_attains_total n q (fun _ => 1) b) as (t & T & E).
  - rewrite sum_const. lra.
  - exists (fun i => q i + t * (1 - q i)). split; [split; [|exact E]|];
      intros i Hi; specialize (Q1 i Hi); nra.
Qed.

Section Shift.
Variables (n : nat) (g h : nat -> R) (m b K : R).
Hypothesis b_fits : b <= INR n.
Hypothesis K_large : forall i, (i < n)%nat -> 0 < g i + K /\ h i < K.
Let s := stake g h.

Lemma raised_worth l i : mistakes n m l -> (i < n)%nat -> 0 < raised K g i - s i * l i.
Proof.
  intros (U & _) Hi. destruct (K_large i Hi). apply raised_stays_positive; auto.
Qed.

Lemma saddle_spends_all q l w :
  saddle (capped n b) (mistakes n m) (payoff n (raised K g) s) q l w -> sum n q = b.
Proof.
  intros (Hq & Hl & A & B). destruct (proj2 Hq) as [Less|E]; auto. exfalso.
  destruct (filled_design n b q Hq b_fits) as (q' & (Q1 & Q2) & Up).
  destruct (positive_term_of_sum n (fun i => q' i - q i)) as (i & Hi & Pi).
  { rewrite sum_minus. lra. }
  assert (payoff n (raised K g) s q l < payoff n (raised K g) s q' l).
  { apply sum_lt with i; auto.
    - intros k Hk. apply Rmult_le_compat_r; auto. apply Rlt_le, raised_worth; auto.
    - apply Rmult_lt_compat_r; [apply raised_worth; auto|lra]. }
  assert (w <= payoff n (raised K g) s q l) by auto.
  assert (payoff n (raised K g) s q' l <= w) by (apply B; split; auto; lra). lra.
Qed.

Lemma shifted_saddle_iff q l v :
  saddle (spent n b) (mistakes n m) (payoff n g s) q l v
  <-> saddle (capped n b) (mistakes n m) (payoff n (raised K g) s) q l (v + K * b).
Proof.
  split.
  - intros ((Q1 & Q2) & Hl & A & B). split; [split; auto; lra|]. split; auto. split.
    + intros l' Hl'. rewrite payoff_raised, Q2. specialize (A l' Hl'). lra.
    + intros q' Hq'. destruct (filled_design n b q' Hq' b_fits) as (q'' & Hs & Up).
      apply Rle_trans with (payoff n (raised K g) s q'' l).
      * apply sum_le. intros i Hi. apply Rmult_le_compat_r; auto.
        apply Rlt_le, raised_worth; auto.
      * rewrite payoff_raised, (proj2 Hs). specialize (B q'' Hs). lra.
  - intros Sd. assert (E := saddle_spends_all q l _ Sd). destruct Sd as ((Q1 & Q2) & Hl & A & B).
    split; [split; auto|]. split; auto. split.
    + intros l' Hl'. specialize (A l' Hl'). rewrite payoff_raised, E in A. lra.
    + intros q' (U & E'). assert (Hq : capped n b q') by (split; auto; lra).
      specialize (B q' Hq). rewrite payoff_raised, E' in B. lra.
Qed.
End Shift.

Lemma V3b_shift : V3b_shift_statement.
Proof. intros n g h m b K q l v B HK s. apply shifted_saddle_iff; auto. Qed.

(* A shift that is large enough for every point. *)
Lemma large_shift_exists n (g h : nat -> R) :
  exists K, forall i, (i < n)%nat -> 0 < g i + K /\ h i < K.
Proof.
  exists (1 + sum n (fun i => Rabs (g i) + Rabs (h i))). intros i Hi.
  assert (A : Rabs (g i) + Rabs (h i) <= sum n (fun i => Rabs (g i) + Rabs (h i))).
  { apply (term_le_sum n (fun i => Rabs (g i) + Rabs (h i))); auto. intros k Hk.
    assert (P := Rabs_pos (g k)). assert (Q := Rabs_pos (h k)). lra. }
  assert (B := RRle_abs (- g i)). rewrite Rabs_Ropp in B. assert (C := RRle_abs (h i)).
  assert (P := Rabs_pos (g i)). assert (Q := Rabs_pos (h i)). lra.
Qed.

Lemma V3b_minimum : V3b_minimum_statement.
Proof.
  intros n g h m b s_pos M (B & Bn) s. destruct (large_shift_exists n g h) as (K & HK).
  destruct (A2_capped n (raised K g) s (fun _ => 1) m b M B s_pos) as
    (lam & tau & q & l & L & T & Fl & Cl & Sd).
  { intros i Hi. lra. }
  fold (surplus n (raised K g) s lam l) in Sd. rewrite surplus_raised in Sd.
  replace (b * lam + surplus n g s (lam - K) l)
    with (b * (lam - K) + surplus n g s (lam - K) l + K * b) in Sd by ring.
  apply (shifted_saddle_iff n g h m b K Bn HK) in Sd.
  exists (lam - K), tau, q, l. split; auto. split; [|split; [exact Cl|split; [exact Sd|]]].
  - intros i Hi. specialize (Fl i Hi). unfold limit, shaved, raised in Fl.
    replace (g i + K - lam) with (g i - (lam - K)) in Fl by ring. exact Fl.
  - intros lam' l' Hl'. destruct Sd as (Hq & _ & A & _).
    eapply Rle_trans; [apply (A l' Hl')|]. apply spent_payoff_le_surplus. exact Hq.
Qed.

Lemma V3b_same : V3b_same_statement.
Proof.
  intros n g h m b tau0 v P s M T0 Br B.
  destruct (V3_existence n g h m b tau0 P M T0 Br B) as (lam & tau & L & T & Bm & Bb).
  destruct (V3_brackets n g h m b lam tau P L T Bm Bb)
    as (q & l & _ & _ & _ & Fq & Fl & Sq & Sl).
  destruct (V3_certificate n g h m b lam tau q l P L T Fq Fl (or_introl Sq) (or_introl Sl))
    as (_ & Sd).
  set (x := sum n (fun i => q i * g i) - tau * m) in Sd.
  assert (Vc : value (capped n b) (mistakes n m) (payoff n g s) x) by (exists q, l; exact Sd).
  assert (Vs : value (spent n b) (mistakes n m) (payoff n g s) x).
  { destruct Sd as ((Q1 & _) & Hl & A & C). exists q, l. split; [split; auto|]. split; auto.
    split; auto. intros q' (U & E). apply C. split; auto. lra. }
  split; intros V.
  - rewrite (value_unique _ _ _ _ _ V Vs). exact Vc.
  - rewrite (value_unique _ _ _ _ _ V Vc). exact Vs.
Qed.

Lemma stakeless_spent_saddle n g s m b : nonneg n s -> 0 <= m -> 0 <= b <= INR n ->
  exists lam q l,
    saddle (spent n b) (mistakes n m) (payoff n g s) q l (b * lam + surplus n g s lam l).
Proof.
  intros N M (B & Bn). set (h := fun i => s i - g i).
  assert (Sg : forall f q l, payoff n f (stake g h) q l = payoff n f s q l).
  { intros. apply sum_ext. intros i Hi. unfold stake, h. ring. }
  destruct (large_shift_exists n g h) as (K & HK).
  destruct (stakeless_saddle n (raised K g) s m b N M B) as (lam & q & l & L & Sd).
  rewrite surplus_raised in Sd. exists (lam - K), q, l.
  set (v := b * (lam - K) + surplus n g s (lam - K) l).
  assert (Sh : saddle (capped n b) (mistakes n m) (payoff n (raised K g) (stake g h)) q l
                 (v + K * b)).
  { replace (v + K * b) with (b * lam + surplus n g s (lam - K) l) by (unfold v; ring).
    destruct Sd as (Hq & Hl & A & C). split; auto. split; auto.
    split; intros; rewrite Sg; auto. }
  apply (shifted_saddle_iff n g h m b K Bn HK) in Sh. destruct Sh as (Hq & Hl & A & C).
  split; auto. split; auto. split; intros; rewrite <- Sg; auto.
Qed.

Lemma V3_stakeless : V3_stakeless_statement.
Proof.
  intros n g s m b N M B F. split.
  - destruct (stakeless_saddle n g s m b N M B) as (lam & q & l & L & Sd). exists (F lam l).
    split; [exists q, l; exact Sd|]. destruct Sd as (Hq & Hl & A & C). split.
    + exists lam, l. auto.
    + intros lam' l' L' Hl'. eapply Rle_trans; [apply (A l' Hl')|].
      apply capped_payoff_le_surplus; auto.
  - intros Bn. destruct (stakeless_spent_saddle n g s m b N M (conj B Bn)) as (lam & q & l & Sd).
    exists (F lam l). split; [exists q, l; exact Sd|]. destruct Sd as (Hq & Hl & A & C). split.
    + exists lam, l. auto.
    + intros lam' l' Hl'. eapply Rle_trans; [apply (A l' Hl')|].
      apply spent_payoff_le_surplus; auto.
Qed.

(* -------------------------------------------------------------------- points without gain *)

Definition first_points (k : nat) (f : nat -> R) (i : nat) : R := if lt_dec i k then f i else 0.

Lemma first_points_inside k f i : (i < k)%nat -> first_points k f i = f i.
Proof. intros Hi. unfold first_points. destruct (lt_dec i k); [reflexivity|lia]. Qed.

Lemma first_points_outside k f i : (k <= i)%nat -> first_points k f i = 0.
Proof. intros Hi. unfold first_points. destruct (lt_dec i k); [lia|reflexivity]. Qed.

Lemma sum_first_points n k f : (k <= n)%nat -> sum n (first_points k f) = sum k f.
Proof.
  intros Hk. rewrite (sum_prefix n k) by (auto; intros; apply first_points_outside; lia).
  apply sum_ext. intros. apply first_points_inside. auto.
Qed.

Lemma nonneg_prefix_sum_le n k f : (k <= n)%nat -> nonneg n f -> sum k f <= sum n f.
Proof.
  intros Hk N. rewrite (sum_split n k) by exact Hk.
  assert (0 <= sum (n - k) (fun i => f (k + i)%nat)); [|lra].
  apply sum_nonneg. intros. apply N. lia.
Qed.

Lemma first_points_feasible Q n k b q : abstainer Q -> (k <= n)%nat -> Q k b q ->
  Q n b (first_points k q).
Proof.
  intros [->| ->] Hk (A & B); (split; [|rewrite sum_first_points; auto]);
  intros i Hi; unfold first_points; destruct (lt_dec i k); try lra; apply A; auto.
Qed.

Lemma restricted_feasible Q n k b q : abstainer Q -> (k <= n)%nat -> Q n b q -> Q k b q.
Proof.
  intros [->| ->] Hk (A & B); (split; [intros i Hi; apply A; lia|]);
  (eapply Rle_trans; [apply nonneg_prefix_sum_le with (n := n)|exact B]); auto.
  intros i Hi. apply A; auto.
Qed.

Lemma V3_gainless : V3_gainless_statement.
Proof.
  intros n k g s Q m b v HQ Hk G (q & l & Hq & (L1 & L2) & A & B).
  exists (first_points k q), (first_points k l). split; [apply first_points_feasible; auto|].
  split; [split; [|rewrite sum_first_points; auto]|split].
  - intros i Hi. unfold first_points. destruct (lt_dec i k); [apply L1; auto|lra].
  - intros l' (U & Sm). eapply Rle_trans; [apply (A l')|right].
    + split; [intros i Hi; apply U; lia|]. eapply Rle_trans; [|exact Sm].
      apply nonneg_prefix_sum_le; auto. intros i Hi. apply U; auto.
    + unfold payoff. rewrite <- (sum_first_points n k) by auto. apply sum_ext. intros i Hi.
      unfold first_points. destruct (lt_dec i k); ring.
  - intros q' Hq'. assert (Hk' := restricted_feasible Q n k b q' HQ Hk Hq').
    eapply Rle_trans; [|apply (B q' Hk')]. unfold payoff.
    rewrite <- (sum_first_points n k) by auto. apply sum_le. intros i Hi.
    unfold first_points. destruct (lt_dec i k); [lra|].
    assert (0 <= q' i) by (destruct HQ as [->| ->]; destruct Hq' as (N & _); apply N; auto).
    specialize (G i ltac:(lia)). nra.
Qed.

(* ----------------------------------------------------------------- contaminated teachers *)

Lemma contaminated_is_payoff n g s r w q l :
  contaminated n g s r w q l = payoff n (known_gain g s r w) (scaled (1 - w) s) q l.
Proof.
  unfold contaminated, payoff. rewrite <- !sum_scal, <- sum_plus. apply sum_ext. intros i Hi.
  unfold known_gain, scaled. ring.
Qed.

Lemma A5 : A5_statement.
Proof.
  intros n g s r w Q L q l v. split; intros (Hq & Hl & A & B); (split; [auto|split; [auto|split]]).
  - intros l' Hl'. rewrite <- contaminated_is_payoff. auto.
  - intros q' Hq'. rewrite <- contaminated_is_payoff. auto.
  - intros l' Hl'. rewrite contaminated_is_payoff. auto.
  - intros q' Hq'. rewrite contaminated_is_payoff. auto.
Qed.

Lemma A5_value : A5_value_statement.
Proof.
  intros n g s r w m b N W M B F.
  destruct (V3_stakeless n (known_gain g s r w) (scaled (1 - w) s) m b) as ((v & V & A & C) & _);
    auto.
  - intros i Hi. apply Rmult_le_pos; [lra|auto].
  - exists v. split; [|auto]. destruct V as (q & l & Sd). exists q, l. apply A5. exact Sd.
Qed.

Lemma A5_known : A5_known_statement.
Proof.
  intros n k g s r m Hk M D. set (e := known_gain g s r 1) in *.
  assert (E : forall q l, contaminated n g s r 1 q l = sum n (fun i => q i * e i)).
  { intros q l. rewrite contaminated_is_payoff. apply sum_ext. intros i Hi. unfold scaled.
    fold e. ring. }
  set (q := first_points k (fun i => if Rle_dec 0 (e i) then 1 else 0)).
  assert (V : sum n (fun i => q i * e i) = sum k (fun i => pos (e i))).
  { rewrite <- (sum_first_points n k) by auto. apply sum_ext. intros i Hi. unfold q, first_points.
    destruct (lt_dec i k); [|ring]. destruct (Rle_dec 0 (e i)).
    - rewrite pos_of_nonneg by auto. ring.
    - rewrite pos_of_nonpos by lra. ring. }
  exists q, (fun _ => 0). split; [split|split; [split|split]].
  - intros i Hi. unfold q, first_points. destruct (lt_dec i k); [|lra].
    destruct (Rle_dec 0 (e i)); lra.
  - unfold q. rewrite sum_first_points by auto. rewrite <- (Rmult_1_r (INR k)), <- sum_const.
    apply sum_le. intros i Hi. destruct (Rle_dec 0 (e i)); lra.
  - intros i Hi. lra.
  - rewrite sum_const. lra.
  - intros l' _. rewrite E, V. lra.
  - intros q' (U & Sm). rewrite E.
    (* the price: the gain of the first point that is left out *)
    set (x := if lt_dec k n then pos (e k) else 0).
    assert (X : 0 <= x) by (unfold x; destruct (lt_dec k n); [apply pos_nonneg|lra]).
    apply Rle_trans with (x * sum n q' + sum n (first_points k (fun i => pos (e i) - x))).
    + rewrite <- sum_scal, <- sum_plus. apply sum_le. intros i Hi. specialize (U i Hi).
      assert (A : q' i * e i <= q' i * pos (e i)) by (apply Rmult_le_compat_l; [lra|apply le_pos]).
      assert (Z := pos_nonneg (e i)). unfold first_points, x.
      destruct (lt_dec i k) as [Q|Q], (lt_dec k n); try lia; [| nra |].
      * assert (pos (e k) <= pos (e i)) by (apply pos_monotone, D; lia). nra.
      * assert (pos (e i) <= pos (e k)) by (apply pos_monotone, D; lia). nra.
    + rewrite sum_first_points, sum_minus, sum_const by auto. nra.
Qed.
