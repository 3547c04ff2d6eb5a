(* Where the hedge of a contaminated teacher is off (A5). *)
Require Import Reals Lra Lia.
From Radsim Require Import Statements TeacherStatements Sums Levels.
Open Scope R_scope.

Section Certain.
Variables (n b : nat) (g : nat -> R) (h w r : R).
Hypothesis b_range : (1 <= b <= n)%nat.
Hypothesis g_nonneg : nonneg n g.
Hypothesis g_falls : descending n g.
Hypothesis h_pos : 0 < h.
Hypothesis w_range : 0 <= w < 1.
Hypothesis r_range : 0 <= r <= 1.
Let G := mixed_gain g h w r.
Let s := mixed_stake g h w.
Let U := payoff n G s.
Let last := pred b.
(* What the last of the first b points is worth when its label is wrong. *)
Let a := G last - s last.

Lemma last_below : (last < b)%nat /\ (last < n)%nat.
Proof. unfold last. lia. Qed.

Lemma stake_pos i : (i < n)%nat -> 0 < s i.
Proof.
  intros Hi. unfold s, mixed_stake. apply Rmult_lt_0_compat; [lra|].
  specialize (g_nonneg i Hi). lra.
Qed.

Lemma wr_range : 0 <= w * r <= w.
Proof.
  split; [apply Rmult_le_pos; lra|]. rewrite <- (Rmult_1_r w) at 2.
  apply Rmult_le_compat_l; lra.
Qed.

(* Mistakes that leave point i worth no more than a. *)
Definition cut (i : nat) : R :=
  if Compare_dec.lt_dec i b then 1
  else pos ((1 - w) * (g last + h) - (1 - w * r) * (g last - g i)) / s i.

Lemma over_a i : (1 - w) * (g last + h) - (1 - w * r) * (g last - g i) = G i - a.
Proof. unfold a, G, s, mixed_gain, mixed_stake. ring. Qed.

Lemma worth_when_wrong i j : G i - s i - (G j - s j) = (w - w * r) * (g i - g j).
Proof. unfold G, s, mixed_gain, mixed_stake. ring. Qed.

Lemma wrong_first i : (i < b)%nat -> a <= G i - s i.
Proof.
  intros Hi. destruct last_below as (A & B).
  assert (E := worth_when_wrong i last). fold a in E.
  assert (g last <= g i) by (apply g_falls; unfold last; lia).
  assert (0 <= (w - w * r) * (g i - g last)); [|lra].
  apply Rmult_le_pos; [assert (W := wr_range)|]; lra.
Qed.

Lemma wrong_behind i : (b <= i < n)%nat -> G i - s i <= a.
Proof.
  intros Hi. assert (E := worth_when_wrong last i). fold a in E.
  assert (g i <= g last) by (apply g_falls; unfold last; lia).
  assert (0 <= (w - w * r) * (g last - g i)); [|lra].
  apply Rmult_le_pos; [assert (W := wr_range)|]; lra.
Qed.

Lemma cut_in_unit i : (i < n)%nat -> 0 <= cut i <= 1.
Proof.
  intros Hi. assert (P := stake_pos i Hi). unfold cut.
  destruct (Compare_dec.lt_dec i b) as [|N]; [lra|]. rewrite over_a. split.
  - apply div_nonneg; [apply pos_nonneg|exact P].
  - apply div_le_iff_le_mult; [exact P|]. assert (A := wrong_behind i ltac:(lia)).
    apply Rmax_lub; lra.
Qed.

Lemma left_behind i : (b <= i < n)%nat -> G i - s i * cut i <= a.
Proof.
  intros Hi. assert (P := stake_pos i ltac:(lia)). unfold cut.
  destruct (Compare_dec.lt_dec i b); [lia|]. rewrite over_a.
  replace (s i * (pos (G i - a) / s i)) with (pos (G i - a)) by (field; lra).
  assert (L := le_pos (G i - a)). lra.
Qed.

Lemma first_sums : sum n (first b) = INR b.
Proof.
  rewrite (sum_prefix n b).
  - rewrite (sum_ext b _ (fun _ => 1)), sum_const; [lra|]. intros i Hi. unfold first.
    destruct (Compare_dec.lt_dec i b); [reflexivity|lia].
  - lia.
  - intros i Hi. unfold first. destruct (Compare_dec.lt_dec i b); [lia|reflexivity].
Qed.

Lemma first_drawn : drawn n b (first b).
Proof.
  split; [|exact first_sums]. intros i Hi. unfold first.
  destruct (Compare_dec.lt_dec i b); lra.
Qed.

Lemma enough m : sum n cut <= m -> saddle (drawn n b) (mistakes n m) U (first b) cut (U (first b) cut).
Proof.
  intros M. split; [exact first_drawn|]. split; [|split].
  - split; [exact cut_in_unit|exact M].
  - intros l' (L & _). apply sum_le. intros i Hi. unfold first, cut.
    destruct (Compare_dec.lt_dec i b); [|lra]. destruct (L i Hi) as (_ & L1).
    assert (P := stake_pos i Hi). assert (s i * l' i <= s i * 1); [|lra].
    apply Rmult_le_compat_l; lra.
  - intros q' (Q & E).
    assert (A : U q' cut - a * sum n q' <= U (first b) cut - a * sum n (first b)).
    { unfold U, payoff. rewrite <- !sum_scal, <- !sum_minus. apply sum_le. intros i Hi.
      destruct (Q i Hi) as (Q0 & Q1). unfold first.
      destruct (Compare_dec.lt_dec i b) as [L|L].
      - assert (W := wrong_first i L). unfold cut.
        destruct (Compare_dec.lt_dec i b); [|lia].
        assert (q' i * (G i - s i * 1 - a) <= 1 * (G i - s i * 1 - a)); [|lra].
        apply Rmult_le_compat_r; lra.
      - assert (W := left_behind i ltac:(lia)).
        assert (q' i * (G i - s i * cut i) <= q' i * a) by (apply Rmult_le_compat_l; lra). lra. }
    rewrite E, first_sums in A. lra.
Qed.

(* A best reply to the first b errs on all of them. *)
Lemma all_wrong m l v i : INR b <= m -> saddle (drawn n b) (mistakes n m) U (first b) l v ->
  (i < b)%nat -> l i = 1.
Proof.
  intros M (_ & (L & _) & A & B) Hi. assert (Hn : (i < n)%nat) by lia.
  assert (F : U (first b) l <= U (first b) (first b)).
  { apply Rle_trans with v; [apply B; exact first_drawn|]. apply A.
    split; [apply first_drawn|]. rewrite first_sums. exact M. }
  destruct (Rlt_dec (l i) 1) as [N|N]; [|specialize (L i Hn); lra]. exfalso.
  assert (U (first b) (first b) < U (first b) l); [|lra].
  apply sum_lt with (i := i); [|exact Hn|].
  - intros k Hk. unfold first. destruct (Compare_dec.lt_dec k b); [|lra].
    assert (P := stake_pos k Hk). destruct (L k Hk) as (_ & L1).
    assert (s k * l k <= s k * 1) by (apply Rmult_le_compat_l; lra). lra.
  - unfold first. destruct (Compare_dec.lt_dec i b); [|lia].
    assert (P := stake_pos i Hn). assert (s i * l i < s i * 1); [|lra].
    apply Rmult_lt_compat_l; lra.
Qed.

(* One point for another. *)
Lemma exchanged i l : (b <= i < n)%nat ->
  drawn n b (fun k => first b k - unit_vector last k + unit_vector i k)
  /\ U (fun k => first b k - unit_vector last k + unit_vector i k) l
     = U (first b) l - (G last - s last * l last) + (G i - s i * l i).
Proof.
  intros Hi. destruct last_below as (A & B). split; [split|].
  - intros k Hk. unfold first, unit_vector.
    destruct (Compare_dec.lt_dec k b), (Nat.eq_dec k last), (Nat.eq_dec k i); lra || lia.
  - rewrite sum_plus, sum_minus, !sum_unit_vector, first_sums by lia. lra.
  - rewrite <- (sum_unit_vector_times n last (fun k => G k - s k * l k)) by exact B.
    rewrite <- (sum_unit_vector_times n i (fun k => G k - s k * l k)) by lia.
    unfold U, payoff. rewrite <- sum_minus, <- sum_plus. apply sum_ext. intros. ring.
Qed.

Lemma too_few m l v : INR b <= m -> saddle (drawn n b) (mistakes n m) U (first b) l v ->
  sum n cut <= m.
Proof.
  intros M D. assert (W := fun i => all_wrong m l v i M D). destruct last_below as (A & B).
  destruct D as (_ & (L & S1) & Lo & Up).
  apply Rle_trans with (sum n l); [|exact S1]. apply sum_le. intros i Hi. unfold cut.
  destruct (Compare_dec.lt_dec i b) as [H|H]; [rewrite (W i H); lra|]. rewrite over_a.
  assert (P := stake_pos i Hi). apply div_le_iff_le_mult; [exact P|].
  destruct (L i Hi) as (L0 & _). apply Rmax_lub; [apply Rmult_le_pos; lra|].
  destruct (exchanged i l ltac:(lia)) as (Q & E). specialize (Up _ Q). rewrite E in Up.
  specialize (Lo l (conj L S1)). rewrite (W last A) in Up. unfold a. lra.
Qed.

End Certain.

Lemma certain_is_cut n b g h w r : certain n b g h w r = sum n (cut b g h w r).
Proof. reflexivity. Qed.

Lemma A5_certain : A5_certain_statement.
Proof.
  intros n b g h w r m B N D H W R1 U. rewrite certain_is_cut. split.
  - intros M. exists (cut b g h w r). eexists. apply enough; auto.
  - intros (M & L) l v A. assert (C : sum n (cut b g h w r) <= m) by (eapply too_few; eauto). lra.
Qed.

Lemma pos_convex t u v : 0 <= t <= 1 ->
  pos (t * u + (1 - t) * v) <= t * pos u + (1 - t) * pos v.
Proof.
  intros T. assert (0 <= t * pos u) by (apply Rmult_le_pos; [lra|apply pos_nonneg]).
  assert (0 <= (1 - t) * pos v) by (apply Rmult_le_pos; [lra|apply pos_nonneg]).
  assert (t * u <= t * pos u) by (apply Rmult_le_compat_l; [lra|apply le_pos]).
  assert ((1 - t) * v <= (1 - t) * pos v) by (apply Rmult_le_compat_l; [lra|apply le_pos]).
  apply Rmax_lub; lra.
Qed.

Section Rate.
Variables (n b : nat) (g : nat -> R) (h w : R).
Hypothesis g_nonneg : nonneg n g.
Hypothesis h_pos : 0 < h.
Hypothesis w_range : 0 <= w < 1.

Lemma cut_at_one i : (i < n)%nat -> cut b g h w 1 i = 1.
Proof.
  intros Hi. assert (P := stake_pos n g h w g_nonneg h_pos w_range i Hi). unfold cut.
  destruct (Compare_dec.lt_dec i b); [reflexivity|].
  replace ((1 - w) * (g (pred b) + h) - (1 - w * 1) * (g (pred b) - g i))
    with (mixed_stake g h w i) by (unfold mixed_stake; ring).
  rewrite pos_of_nonneg by lra. field. lra.
Qed.

Lemma cut_convex i t r : (i < n)%nat -> 0 <= t <= 1 ->
  cut b g h w (t * r + (1 - t) * 1) i <= t * cut b g h w r i + (1 - t) * cut b g h w 1 i.
Proof.
  intros Hi T. assert (P := stake_pos n g h w g_nonneg h_pos w_range i Hi). unfold cut.
  destruct (Compare_dec.lt_dec i b); [lra|].
  set (A := fun x => (1 - w) * (g (pred b) + h) - (1 - w * x) * (g (pred b) - g i)).
  change (pos (A (t * r + (1 - t) * 1)) / mixed_stake g h w i
    <= t * (pos (A r) / mixed_stake g h w i) + (1 - t) * (pos (A 1) / mixed_stake g h w i)).
  replace (t * (pos (A r) / mixed_stake g h w i) + (1 - t) * (pos (A 1) / mixed_stake g h w i))
    with ((t * pos (A r) + (1 - t) * pos (A 1)) / mixed_stake g h w i) by (field; lra).
  apply div_le_compat; [|exact P].
  replace (A (t * r + (1 - t) * 1)) with (t * A r + (1 - t) * A 1) by (unfold A; ring).
  apply pos_convex. exact T.
Qed.

Lemma certain_at_one : certain n b g h w 1 = 1 * INR n.
Proof.
  rewrite certain_is_cut, (sum_ext n _ (fun _ => 1)), sum_const; [lra|]. exact cut_at_one.
Qed.

Lemma certain_from_a_rate_on r r' : 0 <= r -> r <= r' -> r' <= 1 ->
  certain n b g h w r <= r * INR n -> certain n b g h w r' <= r' * INR n.
Proof.
  intros P L M C. destruct (Req_dec r 1) as [E|N].
  { replace r' with r by lra. exact C. }
  set (t := (1 - r') / (1 - r)). assert (T : 0 <= t <= 1).
  { unfold t. split; [apply div_nonneg; lra|]. apply div_le_iff_le_mult; lra. }
  assert (E : r' = t * r + (1 - t) * 1) by (unfold t; field; lra).
  assert (D : certain n b g h w r' <= t * certain n b g h w r + (1 - t) * certain n b g h w 1).
  { rewrite !certain_is_cut, <- !sum_scal, <- sum_plus. rewrite E at 1. apply sum_le. intros i Hi.
    apply cut_convex; auto. }
  rewrite certain_at_one in D.
  assert (t * certain n b g h w r <= t * (r * INR n)) by (apply Rmult_le_compat_l; lra).
  apply Rle_trans with (t * (r * INR n) + (1 - t) * (1 * INR n)); [lra|].
  right. rewrite E. ring.
Qed.

End Rate.

Lemma A5_rate : A5_rate_statement.
Proof.
  intros n b g h w r r' B N D H W P L M. split.
  - apply certain_from_a_rate_on; auto.
  - apply certain_at_one; auto.
Qed.
