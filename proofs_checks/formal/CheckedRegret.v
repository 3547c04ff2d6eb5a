(* The checker of regret is sound. *)
Require Import Reals ZArith List Bool Lra Lia.
From Radsim Require Import Statements CheckStatements Sums Levels Regret Dyadic Checks.
Import ListNotations.
Open Scope R_scope.

Lemma greatest_from f xs : forall t, (t <= fold_left (fun t x => Z.max t (f x)) xs t)%Z
  /\ forall x : point, In x xs -> (f x <= fold_left (fun t x => Z.max t (f x)) xs t)%Z.
Proof.
  induction xs as [|x xs IH]; intros t; cbn [fold_left].
  - split; [lia|]. intros x [].
  - destruct (IH (Z.max t (f x))) as (A & B). split; [lia|]. intros y [<-|H]; [lia|auto].
Qed.

Lemma greatest_of_bounds f ps p : In p ps -> (f p <= greatest_of f ps)%Z.
Proof.
  intros H. destruct ps as [|x xs]; [destruct H|]. unfold greatest_of.
  destruct (greatest_from f xs (f x)) as (A & B). destruct H as [<-|H]; auto.
Qed.

(* Where the benchmark's chances reach what is left of them. *)
Lemma benchmark_pivot full ps : forall left earned v,
  (forall p, In p ps -> (missed p <= full)%Z) -> (0 < left)%Z ->
  benchmark full left earned ps = Some v ->
  let y i := IZR (full - missed (nth i ps nothing)) in
  let g i := IZR (gain (nth i ps nothing)) in
  exists j, (j < length ps)%nat /\ sum j y < IZR left <= sum (S j) y
    /\ IZR v = IZR earned + sum j (fun i => y i * g i) + (IZR left - sum j y) * g j.
Proof.
  induction ps as [|p ps IH]; intros left earned v H L E y g; [discriminate E|].
  cbn [benchmark] in E. destruct (Z.leb_spec left (full - missed p)) as [A|A].
  - injection E as <-. exists 0%nat. apply IZR_lt in L. apply IZR_le in A. cbn [length sum].
    unfold y, g. cbn [nth]. split; [lia|]. split; [lra|]. rewrite plus_IZR, mult_IZR. ring.
  - destruct (IH (left - (full - missed p))%Z (earned + (full - missed p) * gain p)%Z v)
      as (j & Hj & (P1 & P2) & V); auto; [intros x Hx; apply H; right; exact Hx|lia|].
    rewrite (minus_IZR left) in P1, P2, V. rewrite plus_IZR, mult_IZR in V.
    exists (S j). rewrite !sum_first. rewrite sum_first in P2. cbn [length].
    unfold y, g. cbn [nth] in *. split; [lia|]. rewrite ?sum_first in *. split; [split; lra|].
    rewrite V. ring.
Qed.

Section Accepted.
Variables (a : answer) (G : group).
Hypothesis one_group_only : groups a = [G].
Hypothesis G_proper : regret_proper a G = true.

Let ps := members G.
Let n := size a.
Let m := Z.to_nat (count a).
Let w := IZR (one a).
Let u := IZR (grain a).
Let g := its_gains a.
Let s := stake g (its_harms a).
Let q := its_design a.
Let x := its_mistakes a.
Let t := IZR (price G) / (u * w).

Lemma its_points : points a = ps.
Proof. unfold points. rewrite one_group_only. cbn. apply app_nil_r. Qed.

Lemma its_size : n = length ps.
Proof. unfold n, size. rewrite its_points. reflexivity. Qed.

Lemma parts : (0 < one a)%Z /\ (0 < grain a)%Z /\ (0 <= price G)%Z
  /\ most G = (count a * one a)%Z /\ (total missed ps <= most G)%Z /\ total asked ps = one a
  /\ forall p, In p ps -> (0 <= asked p <= one a)%Z /\ (0 <= missed p <= one a)%Z
       /\ (0 <= stakes p)%Z.
Proof.
  assert (E := G_proper). unfold regret_proper in E. rewrite !andb_true_iff, forallb_forall in E.
  destruct E as ((((((A & B) & C) & D) & E) & F) & H). apply Z.ltb_lt in A. apply Z.ltb_lt in B.
  apply Z.leb_le in D. apply Z.eqb_eq in E. apply Z.leb_le in F. apply Z.eqb_eq in H.
  split; auto. split; auto. split; auto. split; [|split; auto; split; auto].
  - unfold count. rewrite one_group_only. cbn [hd].
    rewrite (Z.div_mod (most G) (one a)) at 1 by lia. lia.
  - intros p Hp. specialize (C p Hp). unfold regret_point in C. rewrite !andb_true_iff in C.
    destruct C as ((((C1 & C2) & C3) & C4) & C5). apply Z.leb_le in C1, C2, C3, C4, C5. lia.
Qed.

Lemma rw_pos : 0 < w. Proof. apply IZR_lt, parts. Qed.
Lemma ru_pos : 0 < u. Proof. apply IZR_lt, parts. Qed.
Lemma ruw_pos : 0 < u * w. Proof. apply Rmult_lt_0_compat; [apply ru_pos|apply rw_pos]. Qed.

Lemma in_its_points i : (i < n)%nat -> In (nth i ps nothing) ps.
Proof. rewrite its_size. apply nth_In. Qed.

Lemma field_at f d i : field f d (points a) i = IZR (f (nth i ps nothing)) / IZR d.
Proof. unfold field. rewrite its_points. reflexivity. Qed.

Lemma stake_at i : s i = IZR (stakes (nth i ps nothing)) / u.
Proof.
  unfold s, stake, g, its_gains, its_harms, stakes. rewrite !field_at, plus_IZR. fold u.
  unfold Rdiv. ring.
Qed.

Lemma sum_of_field f d : sum n (field f d (points a)) = IZR (total f ps) / IZR d.
Proof.
  rewrite its_size, total_real. unfold Rdiv. rewrite Rmult_comm, <- rtotal_scal.
  rewrite <- (sum_nth _ nothing). apply sum_ext. intros i Hi. rewrite field_at. unfold Rdiv. ring.
Qed.

Lemma count_nonneg : (0 <= count a)%Z.
Proof.
  destruct parts as (W & _ & _ & E & M & _ & P).
  assert (0 <= total missed ps)%Z by (apply total_nonneg; intros p Hp; apply P; auto). nia.
Qed.

Lemma count_real : INR m = IZR (count a).
Proof. unfold m. rewrite INR_IZR_INZ, Z2Nat.id; auto. apply count_nonneg. Qed.

Lemma design_forced : forced n 1 q.
Proof.
  assert (W := rw_pos). destruct parts as (_ & _ & _ & _ & _ & E & P). split.
  - intros i Hi. unfold q, its_design. rewrite field_at. apply div_nonneg; auto. apply IZR_le.
    apply P. apply in_its_points. exact Hi.
  - unfold q, its_design. rewrite sum_of_field, E. fold w. field. lra.
Qed.

Lemma marginals : unit_box n x /\ sum n x <= INR m.
Proof.
  assert (W := rw_pos). destruct parts as (_ & _ & _ & E & M & _ & P). split.
  - intros i Hi. destruct (P _ (in_its_points i Hi)) as (_ & (A & B) & _). unfold x, its_mistakes.
    rewrite field_at. fold w. split; [apply div_nonneg; auto; apply IZR_le; auto|].
    apply div_le_iff_le_mult; auto. rewrite Rmult_1_l. apply IZR_le. auto.
  - rewrite count_real. unfold x, its_mistakes. rewrite sum_of_field. fold w.
    apply div_le_iff_le_mult; auto. unfold w. rewrite <- mult_IZR, <- E. apply IZR_le. exact M.
Qed.

(* --------------------------------------------------------------------------------- lower bound *)

Lemma law_pays_at_most p : forced n 1 p -> payoff n g s p x
  <= IZR (greatest_of (fun p => one a * gain p - missed p * stakes p)%Z ps) / (u * w).
Proof.
  intros (N & E). assert (W := rw_pos). assert (U := ru_pos). assert (UW := ruw_pos).
  set (top := IZR _ / (u * w)). apply Rle_trans with (top * sum n p); [|rewrite E; lra].
  unfold payoff. rewrite <- sum_scal. apply sum_le. intros i Hi.
  rewrite Rmult_comm. apply Rmult_le_compat_r; [apply N; exact Hi|].
  rewrite stake_at. unfold g, its_gains, x, its_mistakes. rewrite !field_at. fold u w.
  assert (B := greatest_of_bounds (fun p => one a * gain p - missed p * stakes p)%Z ps _
    (in_its_points i Hi)). cbn beta in B. apply IZR_le in B. rewrite minus_IZR, !mult_IZR in B.
  fold w in B. apply (fun H => div_le_compat _ _ (u * w) H UW) in B. fold top in B.
  eapply Rle_trans; [|exact B]. apply Req_le. field. lra.
Qed.

Lemma regret_lower_holds earned p : benchmark (one a) (one a) 0 ps = Some earned -> forced n 1 p ->
  exists l b, marked n m l /\ hindsight n g s l b /\
    IZR (earned - greatest_of (fun p => one a * gain p - missed p * stakes p)%Z ps) / (u * w)
    <= b - payoff n g s p l.
Proof.
  intros E F. assert (W := rw_pos). assert (U := ru_pos). assert (UW := ruw_pos).
  destruct parts as (W' & _ & _ & _ & _ & _ & P).
  destruct (benchmark_pivot (one a) ps (one a) 0 earned) as (j & Hj & (P1 & P2) & V); auto.
  { intros y Hy. apply P. exact Hy. }
  destruct marginals as (Box & Sum). fold w in P1, P2, V.
  assert (Y : forall i, 1 - x i = / w * IZR (one a - missed (nth i ps nothing))).
  { intros i. unfold x, its_mistakes. rewrite field_at, minus_IZR. fold w. field. lra. }
  assert (SY : forall k, sum k (fun i => 1 - x i)
    = / w * sum k (fun i => IZR (one a - missed (nth i ps nothing)))).
  { intros k. rewrite <- sum_scal. apply sum_ext. intros. apply Y. }
  assert (Iw : 0 < / w) by (apply Rinv_0_lt_compat; exact W).
  assert (One : / w * w = 1) by (field; lra).
  destruct (some_atom_beats_design n g s m x j p 1
    (IZR (earned - greatest_of (fun p => one a * gain p - missed p * stakes p)%Z ps) / (u * w)))
    as (l & b & Mk & Hb & i & Hi & Gb & Q); auto.
  - rewrite its_size. exact Hj.
  - rewrite !SY. split; nra.
  - assert (A := law_pays_at_most p F). rewrite minus_IZR.
    unfold Rdiv at 1. rewrite Rmult_minus_distr_r. fold (Rdiv (IZR earned) (u * w)).
    assert (B : IZR earned / (u * w) = sum j (fun i => (1 - x i) * g i)
      + (1 - sum j (fun i => 1 - x i)) * g j).
    { rewrite SY, V. rewrite (sum_ext j (fun i => (1 - x i) * g i)
        (fun i => / (u * w) * (IZR (one a - missed (nth i ps nothing))
          * IZR (gain (nth i ps nothing))))).
      - rewrite sum_scal. unfold g, its_gains. rewrite field_at. fold u. field. lra.
      - intros i Hi. rewrite Y. unfold g, its_gains. rewrite field_at. fold u. field. lra. }
    unfold Rdiv in A. lra.
  - exists l, b. split; auto. split; auto. lra.
Qed.

(* --------------------------------------------------------------------------------- upper bound *)

Let part (i : nat) := pos (q i * s i - t).

Lemma part_real i : IZR (insured_part G (nth i ps nothing)) / (u * w) = part i.
Proof.
  assert (W := rw_pos). assert (U := ru_pos). unfold part, insured_part, t.
  rewrite stake_at. unfold q, its_design. rewrite field_at. fold w.
  rewrite pos_whole, <- pos_over by apply ruw_pos. f_equal. rewrite minus_IZR, mult_IZR. field. lra.
Qed.

Lemma regret_upper_real i : (i < n)%nat ->
  t * INR m + sum n part - sum n (fun k => q k * g k) + (g i - part i)
  <= IZR (regret_upper a G) / (u * w).
Proof.
  intros Hi. assert (W := rw_pos). assert (U := ru_pos). assert (UW := ruw_pos).
  unfold regret_upper. rewrite !plus_IZR, mult_IZR, <- count_real, total_real. fold ps.
  assert (B := greatest_of_bounds (fun p => one a * gain p - insured_part G p)%Z ps _
    (in_its_points i Hi)). cbn beta in B. apply IZR_le in B. rewrite minus_IZR, mult_IZR in B.
  fold w in B. apply (fun H => div_le_compat _ _ (u * w) H UW) in B.
  set (top := IZR (greatest_of _ ps)) in *. unfold Rdiv at 1. rewrite !Rmult_plus_distr_r.
  assert (E : rtotal (fun p => IZR (insured_part G p - asked p * gain p)) ps * / (u * w)
    = sum n part - sum n (fun k => q k * g k)).
  { rewrite Rmult_comm, <- rtotal_scal, <- sum_minus, its_size, <- (sum_nth _ nothing).
    apply sum_ext. intros k Hk. rewrite <- part_real, minus_IZR, mult_IZR. unfold q, g.
    unfold its_design, its_gains. rewrite !field_at. fold u w. field. lra. }
  rewrite E. assert (A : w * IZR (gain (nth i ps nothing)) / (u * w) = g i).
  { unfold g, its_gains. rewrite field_at. fold u. field. lra. }
  assert (C := part_real i). unfold t, Rdiv in *. lra.
Qed.

Lemma part_le_stake i : (i < n)%nat -> 0 <= part i <= s i /\ q i * s i <= t + part i.
Proof.
  intros Hi. assert (W := rw_pos). assert (U := ru_pos). destruct parts as (_ & _ & T & _ & _ & _ & P).
  destruct (P _ (in_its_points i Hi)) as ((A0 & A) & _ & B).
  assert (T0 : 0 <= t) by (apply div_nonneg; [apply IZR_le; exact T|apply ruw_pos]).
  assert (S0 : 0 <= s i) by (rewrite stake_at; apply div_nonneg; auto; apply IZR_le; exact B).
  assert (Q1 : 0 <= q i <= 1).
  { unfold q, its_design. rewrite field_at. fold w. split.
    - apply div_nonneg; auto. apply IZR_le. exact A0.
    - apply div_le_iff_le_mult; auto. rewrite Rmult_1_l. apply IZR_le. exact A. }
  unfold part. split; [|assert (H := le_pos (q i * s i - t)); lra].
  destruct (pos_cases (q i * s i - t)) as [(C & ->)|(C & ->)]; nra.
Qed.

Lemma regret_upper_holds l b : marked n m l -> hindsight n g s l b ->
  b - payoff n g s q l <= IZR (regret_upper a G) / (u * w).
Proof.
  intros (M1 & M2) (_ & i & Hi & <-). eapply Rle_trans; [|apply (regret_upper_real i Hi)].
  assert (T0 : 0 <= t) by (apply div_nonneg; [apply IZR_le, parts|apply ruw_pos]).
  assert (Pay : payoff n g s q l = sum n (fun k => q k * g k) - sum n (fun k => q k * s k * l k)).
  { unfold payoff. rewrite <- sum_minus. apply sum_ext. intros. ring. }
  assert (Loss : sum n (fun k => q k * s k * l k) <= t * sum n l + sum n (fun k => part k * l k)).
  { rewrite <- sum_scal, <- sum_plus. apply sum_le. intros k Hk.
    destruct (part_le_stake k Hk) as (_ & A). destruct (M1 k Hk) as [-> | ->]; lra. }
  assert (Rest : sum n (fun k => part k * l k) + part i * (1 - l i) <= sum n part).
  { rewrite <- (sum_unit_vector_times n i (fun k => part k * (1 - l k)) Hi), <- sum_plus.
    apply sum_le. intros k Hk. destruct (part_le_stake k Hk) as (A & _). unfold unit_vector.
    destruct (Nat.eq_dec k i), (M1 k Hk) as [-> | ->]; lra. }
  destruct (part_le_stake i Hi) as (A & _).
  assert (t * sum n l <= t * INR m) by (apply Rmult_le_compat_l; auto).
  destruct (M1 i Hi) as [E|E]; rewrite E in *; lra.
Qed.

Lemma whole_units z : in_units a (one a * z) = IZR z / (u * w).
Proof.
  assert (W := rw_pos). assert (U := ru_pos). unfold in_units. rewrite mult_IZR. fold u w. field. lra.
Qed.
End Accepted.

Lemma regret_sound : regret_sound_statement.
Proof.
  intros a low high E. unfold regret_enclosed. unfold regret_verdict in E.
  set (n := size a). set (m := Z.to_nat (count a)). set (g := its_gains a).
  set (s := stake g (its_harms a)).
  destruct (groups a) as [|G [|]] eqn:Gs; try discriminate E.
  destruct (regret_proper a G) eqn:P; [|discriminate E].
  destruct (benchmark (one a) (one a) 0 (members G)) as [earned|] eqn:B; [|discriminate E].
  injection E as <- <-. rewrite !(whole_units a G Gs P).
  assert (F := design_forced a G Gs P).
  assert (Up : forall l b, marked n m l -> hindsight n g s l b ->
    b - payoff n g s (its_design a) l <= IZR (regret_upper a G) / (IZR (grain a) * IZR (one a)))
    by (intros; apply regret_upper_holds; auto).
  split; auto. split; auto. split; [intros; apply regret_lower_holds; auto|].
  intros v ((p & Fp & A) & C). split.
  - destruct (regret_lower_holds a G Gs P earned p B Fp) as (l & b & Mk & H & Q).
    exact (Rle_trans _ _ _ Q (A l b Mk H)).
  - destruct (C _ F) as (l & b & Mk & H & Q). exact (Rle_trans _ _ _ Q (Up l b Mk H)).
Qed.
