(* R1, R2, R3: the value of regret and of the competitive ratio, both sides. *)
Require Import Reals Lra Lia List.
From Radsim Require Import Statements Sums Levels Prefixes Laws.
Open Scope R_scope.

Lemma hindsight_exists n g s l : (0 < n)%nat -> exists b, hindsight n g s l b.
Proof. intros. apply greatest_exists. auto. Qed.

Lemma marked_box n m l : marked n m l -> unit_box n l.
Proof. intros (A & _) i Hi. destruct (A i Hi) as [-> | ->]; lra. Qed.

(* A law of benchmark and mistakes beats every design on average, so one atom beats it. *)
Lemma law_bound n g s m (x : nat -> R) j p c v :
  unit_box n x -> sum n x <= INR m -> (j < n)%nat ->
  sum j (fun i => 1 - x i) < 1 <= sum (S j) (fun i => 1 - x i) ->
  v <= c * (sum j (fun i => (1 - x i) * g i) + (1 - sum j (fun i => 1 - x i)) * g j)
       - payoff n g s p x ->
  exists l b, marked n m l /\ hindsight n g s l b
    /\ exists i, (i < n)%nat /\ g i <= b /\ v <= c * g i - payoff n g s p l.
Proof.
  intros U M Hj P B.
  destruct (R_law n m x j U M Hj P) as (L & At & W & Ml & Mi).
  assert (Lin : mean L (fun _ l => payoff n g s p l) = payoff n g s p x).
  { unfold payoff. rewrite (mean_sum L n (fun k _ l => p k * (g k - s k * l k))). apply sum_ext.
    intros k Hk. rewrite <- (Ml k Hk).
    replace (p k * (g k - s k * mean L (fun _ l => l k)))
      with (p k * g k * mean L (fun _ _ => 1) + (- (p k * s k)) * mean L (fun _ l => l k))
      by (rewrite W; ring).
    rewrite <- !mean_scal, <- mean_plus.
    clear. induction L as [|(w & i & l) L IH]; simpl; [lra|rewrite IH; ring]. }
  destruct (mean_attained L (fun i l => (i <= j)%nat /\ l i = 0 /\ marked n m l)
              (fun i l => c * g i + -1 * payoff n g s p l) v) as (w & i & l & Hin & Bd).
  - intros w i l H. apply At. exact H.
  - unfold weight. rewrite W. lra.
  - unfold weight. rewrite W, mean_plus, !mean_scal, Lin, Mi. lra.
  - destruct (At w i l Hin) as (_ & Hi & Z & Mk).
    destruct (hindsight_exists n g s l) as (b & Hb); [lia|].
    exists l, b. split; auto. split; auto. exists i. split; [lia|]. split; [|lra].
    destruct Hb as (Hb & _). specialize (Hb i ltac:(lia)). rewrite Z in Hb. lra.
Qed.

Section Pivot.
Variables (n m : nat) (g h : nat -> R) (V : R).
Hypothesis P : pool n g h.
Hypothesis D : descending n g.
Let s := stake g h.
Hypothesis L : level n g s (INR m) V.
Hypothesis Vp : 0 < V.
Let Spos : positive n s := pool_stakes n g h P.
Let w (mu : R) (i : nat) : R := (h i + mu) / s i.

Lemma weight_pos mu i : 0 < mu -> (i < n)%nat -> 0 < w mu i.
Proof.
  intros M Hi. destruct (P i Hi) as (_ & H). assert (Si := Spos i Hi).
  apply Rdiv_lt_0_compat; lra.
Qed.

Lemma weights_mono mu j k : 0 < mu -> (j <= k)%nat -> (k <= n)%nat -> sum j (w mu) <= sum k (w mu).
Proof.
  intros M Hj Hk. rewrite (sum_split k j) by auto.
  assert (0 <= sum (k - j) (fun i => w mu (j + i)%nat)); [|lra].
  apply sum_nonneg. intros i Hi. apply Rlt_le, weight_pos; auto. lia.
Qed.

Lemma weight_is mu i : (i < n)%nat -> mu <= g i -> 1 - shaved g s mu i = w mu i.
Proof.
  intros Hi G. assert (Si := Spos i Hi). unfold shaved, w. rewrite pos_of by lra.
  unfold s, stake in *. field. lra.
Qed.

(* m + 1 points of the support are enough to reach weight one. *)
Lemma reach : (m < n)%nat /\ V <= g m /\ 1 <= sum (S m) (w V).
Proof.
  destruct (prefix_count n g V D) as (k & K & E).
  assert (Lev := L). destruct L as (Ph & i0 & Hi0 & Li0).
  assert (Pre : phi n g s V = sum k (shaved g s V)).
  { apply sum_prefix; auto. intros i Hi. unfold shaved. rewrite pos_zero; [unfold Rdiv; ring|].
    destruct (Rle_dec V (g i)); [|lra]. assert (i < k)%nat by (apply E; auto; lia). lia. }
  assert (One : forall i, (i < n)%nat -> shaved g s V i < 1).
  { intros i Hi. destruct (P i Hi) as (A & B). assert (Si := Spos i Hi). unfold shaved.
    apply Rmult_lt_reg_r with (s i); auto.
    replace (pos (g i - V) / s i * s i) with (pos (g i - V)) by (field; lra).
    unfold s, stake in *. destruct (pos_case (g i - V)); lra. }
  assert (K1 : (0 < k)%nat) by (assert (i0 < k)%nat by (apply E; auto); lia).
  assert (Lt : INR m < INR k).
  { rewrite <- Ph, Pre. replace (INR k) with (sum k (fun _ => 1)) by (rewrite sum_const; ring).
    apply sum_lt with (i := O); auto.
    - intros i Hi. apply Rlt_le, One. lia.
    - apply One. lia. }
  apply INR_lt in Lt. split; [lia|]. split; [apply E; lia|].
  apply Rle_trans with (sum (S m) (fun i => 1 - shaved g s V i)).
  - rewrite sum_minus, sum_const, S_INR.
    assert (sum (S m) (shaved g s V) <= INR m); [|lra].
    rewrite <- Ph, Pre. rewrite (sum_split k (S m)) by lia.
    assert (0 <= sum (k - S m) (fun i => shaved g s V (S m + i)%nat)); [|lra].
    apply sum_nonneg. intros i Hi. apply shaved_nonneg with n; auto. lia.
  - right. apply sum_ext. intros i Hi. apply weight_is; [lia|]. apply E; lia.
Qed.

Lemma pivot_exists : exists j, pivot n g h V j.
Proof.
  destruct reach as (Hm & _ & Reach).
  assert (Q : forall k, (k <= n)%nat -> 1 <= sum k (w V) -> exists j, pivot n g h V j).
  { induction k; simpl; intros Hk H; [lra|].
    destruct (Rle_dec 1 (sum k (w V))); [apply IHk; auto; lia|].
    exists k. split; [lia|]. split; [fold s; fold (w V); lra|exact H]. }
  apply (Q (S m)); auto.
Qed.

Variable j : nat.
Hypothesis J : pivot n g h V j.

Lemma pivot_below : (j <= m)%nat.
Proof.
  destruct reach as (Hm & _ & Reach). destruct J as (Hj & J1 & _).
  destruct (le_lt_dec j m) as [?|Q]; auto. exfalso.
  assert (A := weights_mono V (S m) j Vp ltac:(lia) ltac:(lia)). unfold w, s in A, Reach. lra.
Qed.

Lemma pivot_level : V <= g j.
Proof.
  destruct reach as (Hm & G & _). assert (B := pivot_below). destruct J as (Hj & _).
  assert (g m <= g j) by (apply D; auto). lra.
Qed.

Lemma excess_lower t k : (k <= n)%nat -> t + sum k (fun i => (g i - t) * w V i) <= excess n g h V t.
Proof.
  intros K. unfold excess. apply Rplus_le_compat_l.
  rewrite (sum_split n k) by auto.
  assert (T : forall i, (i < n)%nat -> 0 <= pos (g i - t) * (h i + V) / stake g h i).
  { intros i Hi. replace (pos (g i - t) * (h i + V) / stake g h i) with (pos (g i - t) * w V i)
      by (unfold w, s, Rdiv; ring).
    apply Rmult_le_pos; [apply pos_nonneg|apply Rlt_le, weight_pos; auto]. }
  assert (0 <= sum (n - k) (fun i => pos (g (k + i)%nat - t) * (h (k + i)%nat + V) / stake g h (k + i)%nat)).
  { apply sum_nonneg. intros i Hi. apply T. lia. }
  assert (sum k (fun i => (g i - t) * w V i)
          <= sum k (fun i => pos (g i - t) * (h i + V) / stake g h i)); [|lra].
  apply sum_le. intros i Hi.
  replace (pos (g i - t) * (h i + V) / stake g h i) with (pos (g i - t) * w V i)
    by (unfold w, s, Rdiv; ring).
  apply Rmult_le_compat_r; [apply Rlt_le, weight_pos; auto; lia|apply pos_ge].
Qed.

Lemma excess_prefix t k : (k <= n)%nat -> (forall i, (i < k)%nat -> t <= g i) ->
  (forall i, (k <= i < n)%nat -> g i <= t) ->
  excess n g h V t = t + sum k (fun i => (g i - t) * w V i).
Proof.
  intros K A B. unfold excess. f_equal. rewrite (sum_prefix n k); auto.
  - apply sum_ext. intros i Hi. rewrite pos_of by (specialize (A i Hi); lra).
    unfold w, s, Rdiv. ring.
  - intros i Hi. rewrite pos_zero by (specialize (B i Hi); lra). unfold Rdiv. ring.
Qed.

Lemma excess_pivot : excess n g h V (g j) = g j + sum j (fun i => (g i - g j) * w V i).
Proof.
  destruct J as (Hj & _). apply excess_prefix; [lia| |].
  - intros i Hi. apply D; lia.
  - intros i Hi. apply D; lia.
Qed.

Lemma linear_sum k a : sum k (fun i => (g i - a) * w V i)
  = sum k (fun i => g i * w V i) - a * sum k (w V).
Proof. rewrite <- sum_scal, <- sum_minus. apply sum_ext. intros. ring. Qed.

Lemma pivot_least t : excess n g h V (g j) <= excess n g h V t.
Proof.
  rewrite excess_pivot. destruct J as (Hj & J1 & J2). fold s in J1, J2. fold (w V) in J1, J2.
  destruct (Rle_dec t (g j)) as [T|T].
  - eapply Rle_trans; [|apply (excess_lower t (S j)); lia].
    rewrite !linear_sum. simpl. simpl in J2. nra.
  - eapply Rle_trans; [|apply (excess_lower t j); lia].
    rewrite !linear_sum. nra.
Qed.

(* ---------------------------------------------------------------- what the learner secures *)

Section Insured.
Variables (t kappa : R).
Hypothesis T : V <= t.
Hypothesis K0 : 0 <= kappa.
Hypothesis K1 : kappa * phi n g s t <= 1.

Let H := density n g s V.
Let r := (1 - kappa * phi n g s t) / H.
Definition insured (i : nat) : R := supported g V (fun i => (r + kappa * pos (g i - t)) / s i) i.

Lemma H_pos : 0 < H.
Proof. destruct L as (_ & i & Hi & Li). apply (density_pos n g s Spos V i); auto. Qed.

Lemma r_nonneg : 0 <= r.
Proof. apply div_nonneg; [lra|apply H_pos]. Qed.

Lemma insured_bite i : (i < n)%nat ->
  insured i * s i = supported g V (fun _ => r) i + kappa * pos (g i - t).
Proof.
  intros Hi. assert (Si := Spos i Hi). unfold insured, supported. destruct (Rle_dec V (g i)).
  - field. lra.
  - rewrite pos_zero by lra. ring.
Qed.

Lemma insured_forced : forced n 1 insured.
Proof.
  assert (HH := H_pos). split.
  - intros i Hi. unfold insured, supported. destruct (Rle_dec V (g i)); [|lra].
    apply div_nonneg; auto. assert (A := r_nonneg). assert (B := pos_nonneg (g i - t)).
    assert (0 <= kappa * pos (g i - t)) by (apply Rmult_le_pos; auto). lra.
  - rewrite (sum_ext n insured (fun i => r * supported g V (fun i => / s i) i + kappa * shaved g s t i)).
    + rewrite sum_plus, !sum_scal. fold (density n g s V). fold H. fold (phi n g s t).
      unfold r. field. lra.
    + intros i Hi. assert (Si := Spos i Hi). unfold insured, supported, shaved.
      destruct (Rle_dec V (g i)).
      * field. lra.
      * rewrite pos_zero by lra. unfold Rdiv. ring.
Qed.

Lemma insured_gain :
  sum n (fun i => insured i * g i) - r * INR m - kappa * sum n (fun i => pos (g i - t))
  = V - kappa * (excess n g h V t - t).
Proof.
  assert (HH := H_pos).
  assert (A : sum n (supported g V (fun i => g i / s i)) = V * H + INR m).
  { destruct L as (Ph & _). rewrite (phi_supported n g s Spos) in Ph. fold H in Ph. lra. }
  assert (B : sum n (fun i => insured i * g i)
    = r * (V * H + INR m) + kappa * sum n (fun i => pos (g i - t) * g i / s i)).
  { rewrite <- A, <- !sum_scal, <- sum_plus. apply sum_ext. intros i Hi. assert (Si := Spos i Hi).
    unfold insured, supported. destruct (Rle_dec V (g i)).
    - field. lra.
    - rewrite pos_zero by lra. unfold Rdiv. ring. }
  assert (C : sum n (fun i => pos (g i - t) * g i / s i) - sum n (fun i => pos (g i - t))
    = V * phi n g s t - (excess n g h V t - t)).
  { unfold excess. replace (t + sum n (fun i => pos (g i - t) * (h i + V) / stake g h i) - t)
      with (sum n (fun i => pos (g i - t) * (h i + V) / stake g h i)) by ring.
    unfold phi. rewrite <- sum_scal, <- !sum_minus. apply sum_ext. intros i Hi.
    assert (Si := Spos i Hi). unfold shaved, s, stake in *. field. lra. }
  rewrite B. replace (r * (V * H + INR m)) with (V * (r * H) + r * INR m) by ring.
  replace (r * H) with (1 - kappa * phi n g s t) by (unfold r; field; lra).
  replace (V * (1 - kappa * phi n g s t) + r * INR m
     + kappa * sum n (fun i => pos (g i - t) * g i / s i) - r * INR m
     - kappa * sum n (fun i => pos (g i - t)))
    with (V * (1 - kappa * phi n g s t) + kappa *
      (sum n (fun i => pos (g i - t) * g i / s i) - sum n (fun i => pos (g i - t)))) by ring.
  rewrite C. ring.
Qed.

Lemma insured_earns l i : marked n m l -> (i < n)%nat ->
  V - kappa * (excess n g h V t - t) + kappa * (pos (g i - t) * (1 - l i))
  <= payoff n g s insured l.
Proof.
  intros Mk Hi. assert (Bx := marked_box n m l Mk). destruct Mk as (_ & Sm).
  rewrite <- insured_gain.
  assert (E : payoff n g s insured l = sum n (fun i => insured i * g i)
     - (sum n (supported g V (fun i => r * l i)) + kappa * sum n (fun i => pos (g i - t) * l i))).
  { rewrite <- sum_scal, <- sum_plus, <- sum_minus. apply sum_ext. intros k Hk.
    rewrite Rmult_minus_distr_l, <- Rmult_assoc, insured_bite by auto.
    unfold supported. destruct (Rle_dec V (g k)); ring. }
  rewrite E.
  assert (A : sum n (supported g V (fun i => r * l i)) <= r * INR m).
  { apply Rle_trans with (r * sum n l).
    - rewrite <- sum_scal. apply sum_le. intros k Hk. specialize (Bx k Hk). assert (Rn := r_nonneg).
      unfold supported. destruct (Rle_dec V (g k)); nra.
    - apply Rmult_le_compat_l; [apply r_nonneg|auto]. }
  assert (B : sum n (fun i => pos (g i - t) * l i)
     <= sum n (fun i => pos (g i - t)) - pos (g i - t) * (1 - l i)).
  { assert (X : pos (g i - t) * (1 - l i) <= sum n (fun k => pos (g k - t) * (1 - l k))).
    { apply (sum_term n (fun k => pos (g k - t) * (1 - l k)) i); auto. intros k Hk.
      specialize (Bx k Hk). apply Rmult_le_pos; [apply pos_nonneg|lra]. }
    rewrite (sum_ext n (fun k => pos (g k - t) * (1 - l k))
      (fun k => pos (g k - t) - pos (g k - t) * l k)) in X by (intros; ring).
    rewrite sum_minus in X. lra. }
  apply (Rmult_le_compat_l kappa) in B; auto. lra.
Qed.
End Insured.

Lemma unmarked_point l : marked n m l -> exists i, (i < n)%nat /\ l i = 0.
Proof.
  intros (A & Sm). destruct reach as (Hm & _).
  assert (Q : (exists i, (i < n)%nat /\ l i = 0) \/ forall i, (i < n)%nat -> l i = 1).
  { clear - A. induction n; [right; intros; lia|].
    destruct IHn0 as [(i & Hi & Z)|N]; [intros; apply A; lia|left; exists i; auto|].
    destruct (A n0) as [Z|Z]; [lia|left; exists n0; auto|].
    right. intros i Hi. destruct (Nat.eq_dec i n0) as [->|]; auto. apply N. lia. }
  destruct Q as [Q|Q]; auto. exfalso.
  rewrite (sum_ext n l (fun _ => 1)), sum_const in Sm by auto.
  apply lt_INR in Hm. lra.
Qed.

Lemma excess_pos t : 0 < t -> 0 < excess n g h V t.
Proof.
  intros T. assert (A := excess_lower t 0 ltac:(lia)). simpl in A. lra.
Qed.

Lemma phi_excess t : 0 < t -> V * phi n g s t <= excess n g h V t.
Proof.
  intros T. unfold excess, phi. rewrite <- sum_scal.
  assert (sum n (fun i => V * shaved g s t i)
    <= sum n (fun i => pos (g i - t) * (h i + V) / stake g h i)); [|lra].
  apply sum_le. intros i Hi. destruct (P i Hi) as (_ & B). assert (Si := Spos i Hi).
  unfold shaved. fold s. replace (V * (pos (g i - t) / s i)) with (pos (g i - t) * V / s i)
    by (field; lra).
  apply div_le; auto. apply Rmult_le_compat_l; [apply pos_nonneg|lra].
Qed.

(* --------------------------------------------------------------------- what the teacher secures *)

Lemma shaved_mistakes mu : V <= mu ->
  unit_box n (shaved g s mu) /\ sum n (shaved g s mu) <= INR m.
Proof.
  intros M. destruct L as (Ph & _). split.
  - intros i Hi. split; [apply shaved_nonneg with n; auto|].
    assert (Si := Spos i Hi). apply div_le_iff; auto. destruct (P i Hi).
    unfold s, stake. apply Rmax_lub; lra.
  - rewrite <- Ph. apply phi_le; auto.
Qed.

Lemma shaved_pays mu p : forced n 1 p -> payoff n g s p (shaved g s mu) <= mu.
Proof.
  intros (N & E). apply Rle_trans with (mu * sum n p); [|rewrite E; lra].
  unfold payoff. rewrite <- sum_scal.
  apply sum_le. intros i Hi. specialize (N i Hi). rewrite (shaved_reply n) by auto.
  assert (A := Rmin_r (g i) mu). nra.
Qed.

Lemma pivot_weights : sum j (fun i => 1 - shaved g s V i) = sum j (w V)
  /\ sum (S j) (fun i => 1 - shaved g s V i) = sum (S j) (w V)
  /\ sum j (fun i => (1 - shaved g s V i) * g i) = sum j (fun i => g i * w V i).
Proof.
  assert (G := pivot_level). destruct J as (Hj & _).
  assert (A : forall i, (i <= j)%nat -> 1 - shaved g s V i = w V i).
  { intros i Hi. apply weight_is; [lia|]. assert (g j <= g i) by (apply D; auto). lra. }
  split; [|split]; apply sum_ext; intros i Hi; rewrite A by lia; ring.
Qed.

Lemma pivot_law c p : 0 <= c -> forced n 1 p ->
  exists l b, marked n m l /\ hindsight n g s l b
    /\ exists i, (i < n)%nat /\ g i <= b /\ c * excess n g h V (g j) - V <= c * g i - payoff n g s p l.
Proof.
  intros C F. destruct (shaved_mistakes V (Rle_refl V)) as (U & M).
  destruct pivot_weights as (W1 & W2 & W3). assert (Jc := J). destruct J as (Hj & J1 & J2).
  apply law_bound with (x := shaved g s V) (j := j); auto.
  - rewrite W1, W2. split; auto.
  - rewrite W1, W3, excess_pivot, linear_sum. assert (A := shaved_pays V p F).
    replace (sum j (fun i => g i * w V i) + (1 - sum j (w V)) * g j)
      with (g j + (sum j (fun i => g i * w V i) - g j * sum j (w V))) by ring. lra.
Qed.

Lemma ratio_both : ratio_value n m g s (V / excess n g h V (g j)).
Proof.
  assert (G := pivot_level). set (t := g j) in *. assert (Tp : 0 < t) by lra.
  assert (Ep := excess_pos t Tp). set (E := excess n g h V t) in *. set (rho := V / E).
  assert (Rp : 0 < rho) by (apply Rdiv_lt_0_compat; auto).
  assert (RE : rho * E = V) by (unfold rho; field; lra).
  assert (K1 : rho * phi n g s t <= 1).
  { apply Rmult_le_reg_r with E; auto. replace (rho * phi n g s t * E) with (V * phi n g s t)
      by (unfold rho; field; lra). rewrite Rmult_1_l. apply phi_excess. auto. }
  assert (K0 : 0 <= rho) by lra. split.
  - exists (insured t rho). split; [apply insured_forced; auto|].
    intros l b Mk (Hb & i & Hi & Eb).
    destruct (unmarked_point l Mk) as (k & Hk & Zk).
    assert (Bp : 0 < b).
    { specialize (Hb k Hk). rewrite Zk in Hb. destruct (P k Hk). lra. }
    split; auto. destruct Mk as (Mk & Sm). destruct (Mk i Hi) as [Z|Z].
    + assert (A := insured_earns t rho G K0 K1 l i (conj Mk Sm) Hi). rewrite Z in *. fold E in A.
      apply Rmult_le_reg_r with b; auto.
      replace (payoff n g s (insured t rho) l / b * b) with (payoff n g s (insured t rho) l)
        by (field; lra).
      assert (X := pos_ge (g i - t)). nra.
    + exfalso. rewrite Z in Eb. destruct (P i Hi). unfold s, stake in Eb. lra.
  - intros p F. destruct (pivot_law rho p K0 F) as (l & b & Mk & Hb & i & Hi & Gi & B).
    exists l, b. split; auto. split; auto. destruct (P i Hi). split; [lra|].
    fold t in B. fold E in B. apply div_le_iff; [lra|]. nra.
Qed.

Lemma regret_upper t : V <= t -> phi n g s t <= 1 ->
  exists p, forced n 1 p /\ forall l b, marked n m l -> hindsight n g s l b ->
    b - payoff n g s p l <= excess n g h V t - V.
Proof.
  intros T Ph. assert (K1 : 1 * phi n g s t <= 1) by lra.
  exists (insured t 1). split; [apply insured_forced; auto; lra|].
  intros l b Mk (Hb & i & Hi & Eb).
  assert (A := insured_earns t 1 T Rle_0_1 K1 l i Mk Hi).
  destruct Mk as (Mk & Sm). destruct (P i Hi) as (_ & Hh). destruct (Mk i Hi) as [Z|Z]; rewrite Z in *.
  - assert (X := pos_ge (g i - t)). lra.
  - unfold s, stake in *. lra.
Qed.

(* The clamped case: t1 lies above the pivot's gain. *)
Lemma clamped_lower t1 p : level n g s 1 t1 -> g j < t1 -> forced n 1 p ->
  exists l b, marked n m l /\ hindsight n g s l b
    /\ excess n g h V t1 - V <= b - payoff n g s p l.
Proof.
  intros (Ph & _) T F. assert (G := pivot_level). assert (Jc := J). destruct J as (Hj & J1 & _).
  fold s in J1. fold (w V) in J1.
  (* k points lie above t1 *)
  assert (Cnt : exists k, (k <= n)%nat /\ forall i, (i < n)%nat -> ((i < k)%nat <-> t1 < g i)).
  { clear - D. induction n.
    - exists O. split; auto. intros; lia.
    - destruct IHn0 as (k & K & E). { intros a b Hab Hb. apply D; lia. }
      destruct (Rlt_dec t1 (g n0)) as [Q|Q].
      + exists (S n0). split; auto. intros i Hi. split; intros _; [|lia].
        assert (g n0 <= g i) by (apply D; lia). lra.
      + exists k. split; [lia|]. intros i Hi. destruct (Nat.eq_dec i n0) as [->|N].
        * split; intros; [lia|contradiction].
        * apply E. lia. }
  destruct Cnt as (k & Kn & E).
  assert (Kj : (k <= j)%nat).
  { destruct (le_lt_dec k j) as [?|Q]; auto. apply E in Q; auto. lra. }
  assert (Pre : phi n g s t1 = sum k (shaved g s t1)).
  { apply sum_prefix; auto. intros i Hi. unfold shaved. rewrite pos_zero; [unfold Rdiv; ring|].
    destruct (Rlt_dec t1 (g i)) as [Q|Q]; [|lra]. apply E in Q; lia. }
  assert (Above : forall i, (i < k)%nat -> t1 < g i) by (intros i Hi; apply E; auto; lia).
  destruct k as [|k0]; [simpl in Pre; lra|]. set (k := S k0) in *.
  assert (Inv : 0 < sum k (fun i => / s i)).
  { apply inverse_sum_pos; [lia|]. intros i Hi. apply Spos. lia. }
  assert (Wl : forall mu, sum k (w mu) = sum k (fun i => h i / s i) + mu * sum k (fun i => / s i)).
  { intros mu. rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros i Hi. unfold w, Rdiv. ring. }
  set (mu := (1 - sum k (fun i => h i / s i)) / sum k (fun i => / s i)).
  assert (Wmu : sum k (w mu) = 1) by (rewrite Wl; unfold mu; field; lra).
  assert (MuV : V <= mu).
  { assert (A := weights_mono V k j Vp Kj ltac:(lia)). rewrite Wl in A. rewrite Wl in Wmu. nra. }
  assert (Ph1 : sum k (fun i => (g i - t1) / s i) = 1).
  { rewrite <- Ph, Pre. apply sum_ext. intros i Hi. unfold shaved.
    rewrite pos_of by (specialize (Above i Hi); lra). reflexivity. }
  assert (MuT : mu <= t1).
  { assert (A : forall a, sum k (fun i => (g i - a) / s i) = INR k - sum k (w a)).
    { intros a. replace (INR k) with (sum k (fun _ => 1)) by (rewrite sum_const; ring).
      rewrite <- sum_minus. apply sum_ext. intros i Hi. assert (Si := Spos i ltac:(lia)).
      unfold w, s, stake in *. field. lra. }
    assert (B := A mu). rewrite Wmu in B.
    destruct k0 as [|k1].
    - (* one point: t1 would be minus its harm *)
      exfalso. unfold k in Ph1. simpl in Ph1. destruct (P 0%nat ltac:(lia)) as (G0 & H0).
      assert (Si := Spos 0%nat ltac:(lia)).
      assert (g 0%nat - t1 = s 0%nat).
      { apply Rmult_eq_reg_r with (/ s 0%nat); [|apply Rinv_neq_0_compat; lra].
        rewrite Rinv_r by lra. unfold Rdiv in Ph1. lra. }
      unfold s, stake in H. lra.
    - assert (2 <= INR k) by (unfold k; rewrite !S_INR; assert (0 <= INR k1) by apply pos_INR; lra).
      assert (C := A t1). rewrite Ph1 in C. rewrite Wl in Wmu, C.
      assert (sum k (fun i => / s i) * (t1 - mu) >= 0) by lra. nra. }
  destruct (shaved_mistakes mu MuV) as (U & M).
  assert (Wi : forall i, (i < k)%nat -> 1 - shaved g s mu i = w mu i).
  { intros i Hi. apply weight_is; [lia|]. specialize (Above i Hi). lra. }
  assert (Wk : 0 < w mu k0) by (apply weight_pos; [lra|lia]).
  destruct (law_bound n g s m (shaved g s mu) k0 p 1 (excess n g h V t1 - V)) as (l & b & Mk & Hb & i & Hi & Gi & B); auto.
  - change (S k0) with k. rewrite (sum_ext k (fun i => 1 - shaved g s mu i) (w mu)) by auto.
    rewrite Wmu.
    rewrite (sum_ext k0 _ (w mu)) by (intros; apply Wi; lia).
    unfold k in Wmu. simpl in Wmu. lra.
  - assert (A := shaved_pays mu p F).
    assert (X : sum k0 (fun i => (1 - shaved g s mu i) * g i)
       + (1 - sum k0 (fun i => 1 - shaved g s mu i)) * g k0 = sum k (fun i => g i * w mu i)).
    { rewrite (sum_ext k0 (fun i => (1 - shaved g s mu i) * g i) (fun i => g i * w mu i))
        by (intros i Hi; rewrite Wi by lia; ring).
      rewrite (sum_ext k0 (fun i => 1 - shaved g s mu i) (w mu)) by (intros; apply Wi; lia).
      unfold k. simpl. unfold k in Wmu. simpl in Wmu. replace (1 - sum k0 (w mu)) with (w mu k0) by lra.
      ring. }
    rewrite X, Rmult_1_l.
    rewrite (excess_prefix t1 k Kn); [|intros i Hi; specialize (Above i Hi); lra|].
    + assert (Y : forall a, sum k (fun i => (g i - t1) * w a i)
                  = sum k (fun i => (g i - t1) * (h i / s i)) + a).
      { intros a. apply eq_trans with (sum k (fun i => (g i - t1) * (h i / s i))
          + a * sum k (fun i => (g i - t1) / s i)); [|rewrite Ph1; ring].
        rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros i Hi. unfold w, Rdiv. ring. }
      assert (Z : sum k (fun i => g i * w mu i) = sum k (fun i => (g i - t1) * w mu i) + t1).
      { apply eq_trans with (sum k (fun i => (g i - t1) * w mu i) + t1 * sum k (w mu));
          [|rewrite Wmu; ring].
        rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros. ring. }
      rewrite Z, !Y. lra.
    + intros i Hi. destruct (Rlt_dec t1 (g i)) as [Q|Q]; [|lra]. apply E in Q; lia.
  - exists l, b. split; auto. split; auto. lra.
Qed.

Lemma regret_both t1 : level n g s 1 t1 ->
  regret_value n m g s (excess n g h V (Rmax (g j) t1) - V).
Proof.
  intros T1. assert (G := pivot_level). assert (A := Rmax_l (g j) t1). assert (B := Rmax_r (g j) t1).
  split.
  - apply regret_upper; [lra|]. assert (Ph := T1). destruct Ph as (Ph & _). rewrite <- Ph.
    apply phi_le; auto.
  - intros p F. unfold Rmax. destruct (Rle_dec (g j) t1) as [C|C].
    + destruct C as [C|C].
      * apply clamped_lower; auto.
      * rewrite <- C. destruct (pivot_law 1 p Rle_0_1 F) as (l & b & Mk & Hb & i & Hi & Gi & Q).
        exists l, b. split; auto. split; auto. lra.
    + destruct (pivot_law 1 p Rle_0_1 F) as (l & b & Mk & Hb & i & Hi & Gi & Q).
      exists l, b. split; auto. split; auto. lra.
Qed.
End Pivot.

Lemma R_pivot : R_pivot_statement.
Proof.
  intros n g h m V P D L Vp. destruct (pivot_exists n m g h V P D L Vp) as (j & J).
  exists j. split; auto. split; [eapply pivot_below; eauto|].
  split; [eapply pivot_level; eauto|]. intros t. apply pivot_least; auto.
Qed.

Lemma R1 : R1_statement.
Proof. intros n g h m V j P D L Vp J. apply ratio_both; auto. Qed.

Lemma R2 : R2_statement.
Proof. intros n g h m V j t1 P D L Vp J T1. apply regret_both; auto. Qed.

Lemma regret_unique n m g s x y : regret_value n m g s x -> regret_value n m g s y -> x = y.
Proof.
  assert (H : forall x y, regret_value n m g s x -> regret_value n m g s y -> x <= y).
  { intros a b (_ & A) ((p & F & B) & _). destruct (A p F) as (l & c & Mk & Hc & Q).
    specialize (B l c Mk Hc). lra. }
  intros X Y. apply Rle_antisym; auto.
Qed.

Lemma ratio_unique n m g s x y : ratio_value n m g s x -> ratio_value n m g s y -> x = y.
Proof.
  assert (H : forall x y, ratio_value n m g s x -> ratio_value n m g s y -> x <= y).
  { intros a b ((p & F & A) & _) (_ & B). destruct (B p F) as (l & c & Mk & Hc & Cp & Q).
    destruct (A l c Mk Hc) as (_ & A'). lra. }
  intros X Y. apply Rle_antisym; auto.
Qed.

Lemma R3 : R3_statement.
Proof.
  intros n g h m V j t1 x y P D L Vp J T1 Le X Y.
  rewrite (ratio_unique _ _ _ _ _ _ X (R1 n g h m V j P D L Vp J)).
  rewrite (regret_unique _ _ _ _ _ _ Y (R2 n g h m V j t1 P D L Vp J T1)).
  rewrite Rmax_left by auto. f_equal. ring.
Qed.
