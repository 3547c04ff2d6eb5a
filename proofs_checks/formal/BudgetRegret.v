(* N3: the regret of b queries by the place of the b-th right point. *)
Require Import Reals Lra Lia.
From Radsim Require Import Statements TailStatements Sums Levels.
Open Scope R_scope.

Definition head (k : nat) (f : nat -> R) (i : nat) : R := if Nat.ltb i k then f i else 0.

Lemma sum_head n k f : (k <= n)%nat -> sum n (head k f) = sum k f.
Proof.
  intros L. transitivity (sum k (head k f)).
  - apply sum_prefix; auto. intros i Hi. unfold head. destruct (Nat.ltb_spec i k); [lia|auto].
  - apply sum_ext. intros i Hi. unfold head. destruct (Nat.ltb_spec i k); [auto|lia].
Qed.

(* What the right points before the place earn, less what q does. *)
Lemma place_regret_is_earned n b g s q j l :
  place_regret n b g s q j l
  = sum (b + j) (fun i => (1 - l i) * g i) - payoff n g s q l.
Proof.
  unfold place_regret, behind, payoff.
  rewrite (sum_ext (b + j) (fun i => l i * (q i * s i - g i))
             (fun i => l i * (q i * s i) - l i * g i)) by (intros; ring).
  rewrite (sum_ext n (fun i => q i * (g i - s i * l i))
             (fun i => q i * g i - l i * (q i * s i))) by (intros; ring).
  rewrite (sum_ext (b + j) (fun i => (1 - l i) * g i) (fun i => g i - l i * g i))
    by (intros; ring).
  rewrite !sum_minus. ring.
Qed.

Lemma N3_attained : N3_attained_statement.
Proof.
  intros n g h q m b j l P L s (J & (Mk & Mm) & Hl).
  exists (head (b + j) (fun i => 1 - l i)). split.
  - split.
    + intros i Hi. unfold head. destruct (Nat.ltb i (b + j)); [|lra].
      destruct (Mk i Hi) as [-> | ->]; lra.
    + rewrite sum_head by lia. rewrite sum_minus, sum_const, Hl, plus_INR. lra.
  - rewrite place_regret_is_earned. f_equal. unfold payoff.
    rewrite <- (sum_head n) by lia. apply sum_ext. intros i Hi. unfold head.
    destruct (Nat.ltb i (b + j)); [|ring]. destruct (Mk i Hi) as [-> | ->]; ring.
Qed.

Section Place.
Variables (n m : nat) (l : nat -> R).
Hypothesis l_marked : marked n m l.

Lemma prefix_of_mistakes k : (k <= n)%nat -> sum k l <= INR m.
Proof.
  intros L. destruct l_marked as (Mk & Mm). rewrite (sum_split n k) in Mm by auto.
  assert (A : 0 <= sum (n - k) (fun i => l (k + i)%nat)).
  { apply sum_nonneg. intros i Hi. destruct (Mk (k + i)%nat) as [-> | ->]; [lia|lra|lra]. }
  lra.
Qed.

Lemma next_right b : (S b + m <= n)%nat -> forall fuel j, (j + fuel = m)%nat ->
  sum (b + j) l = INR j -> exists k, (k <= m)%nat /\ sum (S b + k) l = INR k.
Proof.
  intros L. induction fuel as [|fuel IH]; intros j E At;
    destruct l_marked as (Mk & _); destruct (Mk (b + j)%nat) as [Z | Z]; try lia.
  - exists j. split; [lia|]. simpl. rewrite Z, At. ring.
  - exfalso. assert (A := prefix_of_mistakes (S (b + j)) ltac:(lia)).
    simpl in A. rewrite Z, At in A. replace m with j in A by lia. lra.
  - exists j. split; [lia|]. simpl. rewrite Z, At. ring.
  - apply (IH (S j)); [lia|].
    replace (b + S j)%nat with (S (b + j)) by lia. simpl sum. rewrite Z, At, S_INR. ring.
Qed.

Lemma place_exists b : (b + m <= n)%nat -> exists j, (j <= m)%nat /\ sum (b + j) l = INR j.
Proof.
  induction b as [|b IH]; intros L.
  - exists 0%nat. split; [lia|]. reflexivity.
  - destruct IH as (j & J & At); [lia|]. apply (next_right b L (m - j) j); [lia|exact At].
Qed.

(* The best b points in hindsight are the right ones before the place. *)
Lemma hindsight_before_place g h b j u : pool n g h -> descending n g -> (0 < n)%nat ->
  (b + j <= n)%nat -> sum (b + j) l = INR j -> capped n (INR b) u ->
  payoff n g (stake g h) u l <= sum (b + j) (fun i => (1 - l i) * g i).
Proof.
  intros P D N L At (Bx & Sm). set (k := (b + j)%nat) in *. set (c := g (pred k)).
  destruct l_marked as (Mk & _).
  assert (C : 0 < c) by (apply P; lia).
  assert (W : sum n (fun i => u i * (1 - l i)) <= INR b).
  { eapply Rle_trans; [|exact Sm]. apply sum_le. intros i Hi.
    destruct (Bx i Hi). destruct (Mk i Hi) as [-> | ->]; lra. }
  assert (K : sum k (fun i => 1 - l i) = INR b).
  { rewrite sum_minus, sum_const, At. unfold k. rewrite plus_INR. ring. }
  apply Rle_trans with (sum n (head k (fun i => (1 - l i) * (g i - c)))
                        + c * sum n (fun i => u i * (1 - l i))).
  - rewrite <- sum_scal, <- sum_plus. apply sum_le. intros i Hi.
    destruct (Bx i Hi) as (U0 & U1). destruct (P i Hi) as (G & H). unfold stake, head.
    destruct (Nat.ltb_spec i k) as [A | A].
    + assert (c <= g i) by (apply D; lia). destruct (Mk i Hi) as [-> | ->]; nra.
    + assert (g i <= c) by (apply D; lia). destruct (Mk i Hi) as [-> | ->]; nra.
  - rewrite sum_head by lia.
    rewrite (sum_ext k _ (fun i => (1 - l i) * g i - c * (1 - l i))) by (intros; ring).
    rewrite sum_minus, sum_scal, K. nra.
Qed.
End Place.

Lemma N3_places : N3_places_statement.
Proof.
  intros n g h q m b P D L s r. split; intros A.
  - intros j l Pl. destruct (N3_attained n g h q m b j l P L Pl) as (u & Cu & E).
    fold s in E. rewrite E.
    destruct Pl as (_ & Mk & _). apply A; auto.
  - intros l u Mk Cu. destruct (place_exists n m l Mk b L) as (j & J & At).
    assert (Pl : placed n b m j l) by (repeat split; auto; apply Mk).
    apply Rle_trans with (place_regret n b g s q j l); [|apply A; exact Pl].
    rewrite place_regret_is_earned. apply Rplus_le_compat_r.
    destruct n as [|n'].
    { assert (b = 0 /\ j = 0)%nat as (-> & ->) by lia. unfold payoff. simpl. lra. }
    apply (hindsight_before_place _ m l Mk); auto; lia.
Qed.

Lemma N3_prices : N3_prices_statement.
Proof.
  intros n b m j g s q l alpha beta L Hb (J & (Mk & Mm) & At).
  assert (Cut : forall k, (k < n)%nat -> forall x y, l k * x <= l k * y + pos (x - y)).
  { intros k Hk x y. destruct (Mk k Hk) as [-> | ->];
      [assert (B := pos_nonneg (x - y))|assert (B := le_pos (x - y))]; lra. }
  unfold place_regret, behind.
  assert (H : sum (b + j) (fun i => l i * (q i * s i - g i))
              <= INR j * alpha + sum (b + j) (fun i => pos (q i * s i - g i - alpha))).
  { rewrite <- At, Rmult_comm, <- sum_scal, <- sum_plus. apply sum_le. intros i Hi.
    assert (B := Cut i ltac:(lia) (q i * s i - g i) alpha). lra. }
  rewrite !(sum_split n (b + j)) by lia.
  rewrite (sum_split n (b + j)) in Mm by lia. rewrite At in Mm.
  assert (T : sum (n - (b + j)) (fun i => l (b + j + i)%nat
                * (q (b + j + i)%nat * s (b + j + i)%nat))
    <= beta * sum (n - (b + j)) (fun i => l (b + j + i)%nat)
       + sum (n - (b + j)) (fun i => pos (q (b + j + i)%nat * s (b + j + i)%nat - beta))).
  { rewrite <- sum_scal, <- sum_plus. apply sum_le. intros i Hi.
    assert (B := Cut (b + j + i)%nat ltac:(lia)
                   (q (b + j + i)%nat * s (b + j + i)%nat) beta). lra. }
  assert (M : beta * sum (n - (b + j)) (fun i => l (b + j + i)%nat)
              <= beta * (INR m - INR j)) by (apply Rmult_le_compat_l; lra).
  lra.
Qed.
