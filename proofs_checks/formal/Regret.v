(* R1, R2, R3: the value of regret and of the competitive ratio, both sides. *)
Require Import Reals Lra Lia List.
From Radsim Require Import Statements Sums Levels Prefixes Laws.
Open Scope R_scope.

Lemma hindsight_exists n g s l : (0 < n)%nat -> exists b, hindsight n g s l b.
Proof. intros. apply greatest_exists. auto. Qed.

Lemma marked_in_unit_box n m l : marked n m l -> unit_box n l.
Proof. intros (A & _) i Hi. destruct (A i Hi) as [-> | ->]; lra. Qed.

(* A law of benchmark and mistakes beats every design on average, so one atom beats it. *)
Lemma some_atom_beats_design n g s m (x : nat -> R) j p c v :
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
  - unfold total_weight. rewrite W. lra.
  - unfold total_weight. rewrite W, mean_plus, !mean_scal, Lin, Mi. lra.
  - destruct (At w i l Hin) as (_ & Hi & Z & Mk).
    destruct (hindsight_exists n g s l) as (b & Hb); [lia|].
    exists l, b. split; auto. split; auto. exists i. split; [lia|]. split; [|lra].
    destruct Hb as (Hb & _). specialize (Hb i ltac:(lia)). rewrite Z in Hb. lra.
Qed.

Section Pivot.
Variables (n m : nat) (g h : nat -> R) (V : R).
Hypothesis in_pool : pool n g h.
Hypothesis sorted : descending n g.
Let s := stake g h.
Hypothesis V_is_level : level n g s (INR m) V.
Hypothesis V_positive : 0 < V.
Let s_pos : all_positive n s := pool_stakes_positive n g h in_pool.
Let correct (mu : R) (i : nat) : R := (h i + mu) / s i.

Lemma correct_positive mu i : 0 < mu -> (i < n)%nat -> 0 < correct mu i.
Proof.
  intros M Hi. destruct (in_pool i Hi) as (_ & H). assert (Si := s_pos i Hi).
  apply Rdiv_lt_0_compat; lra.
Qed.

Lemma correct_sum_monotone mu j k : 0 < mu -> (j <= k)%nat -> (k <= n)%nat ->
  sum j (correct mu) <= sum k (correct mu).
Proof.
  intros M Hj Hk. rewrite (sum_split k j) by auto.
  assert (0 <= sum (k - j) (fun i => correct mu (j + i)%nat)); [|lra].
  apply sum_nonneg. intros i Hi. apply Rlt_le, correct_positive; auto. lia.
Qed.

Lemma correct_is_unshaved mu i : (i < n)%nat -> mu <= g i -> 1 - shaved g s mu i = correct mu i.
Proof.
  intros Hi G. assert (Si := s_pos i Hi). unfold shaved, correct. rewrite pos_of_nonneg by lra.
  unfold s, stake in *. field. lra.
Qed.

(* m + 1 points of the support are enough to reach weight one. *)
Lemma support_exceeds_mistakes : (m < n)%nat /\ V <= g m /\ 1 <= sum (S m) (correct V).
Proof.
  destruct (points_at_or_above_are_prefix n g V sorted) as (k & K & E).
  assert (Lev := V_is_level). destruct V_is_level as (Ph & i0 & Hi0 & Li0).
  assert (Pre : phi n g s V = sum k (shaved g s V)).
  { apply sum_prefix; auto. intros i Hi. unfold shaved. rewrite pos_of_nonpos; [unfold Rdiv; ring|].
    destruct (Rle_dec V (g i)); [|lra]. assert (i < k)%nat by (apply E; auto; lia). lia. }
  assert (One : forall i, (i < n)%nat -> shaved g s V i < 1).
  { intros i Hi. destruct (in_pool i Hi) as (A & B). assert (Si := s_pos i Hi). unfold shaved.
    apply Rmult_lt_reg_r with (s i); auto.
    replace (pos (g i - V) / s i * s i) with (pos (g i - V)) by (field; lra).
    unfold s, stake in *. destruct (pos_cases (g i - V)); lra. }
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
  - right. apply sum_ext. intros i Hi. apply correct_is_unshaved; [lia|]. apply E; lia.
Qed.

Lemma pivot_exists : exists j, pivot n g h V j.
Proof.
  destruct support_exceeds_mistakes as (Hm & _ & Reach).
  assert (Q : forall k, (k <= n)%nat -> 1 <= sum k (correct V) -> exists j, pivot n g h V j).
  { induction k; simpl; intros Hk H; [lra|].
    destruct (Rle_dec 1 (sum k (correct V))); [apply IHk; auto; lia|].
    exists k. split; [lia|]. split; [fold s; fold (correct V); lra|exact H]. }
  apply (Q (S m)); auto.
Qed.

Variable j : nat.
Hypothesis j_is_pivot : pivot n g h V j.

Lemma pivot_le_mistakes : (j <= m)%nat.
Proof.
  destruct support_exceeds_mistakes as (Hm & _ & Reach). destruct j_is_pivot as (Hj & J1 & _).
  destruct (le_lt_dec j m) as [?|Q]; auto. exfalso.
  assert (A := correct_sum_monotone V (S m) j V_positive ltac:(lia) ltac:(lia)).
  unfold correct, s in A, Reach. lra.
Qed.

Lemma value_le_pivot_gain : V <= g j.
Proof.
  destruct support_exceeds_mistakes as (Hm & G & _). assert (B := pivot_le_mistakes).
  destruct j_is_pivot as (Hj & _).
  assert (g m <= g j) by (apply sorted; auto). lra.
Qed.

Lemma excess_ge_prefix t k : (k <= n)%nat ->
  t + sum k (fun i => (g i - t) * correct V i) <= excess n g h V t.
Proof.
  intros K. unfold excess. apply Rplus_le_compat_l.
  rewrite (sum_split n k) by auto.
  assert (T : forall i, (i < n)%nat -> 0 <= pos (g i - t) * (h i + V) / stake g h i).
  { intros i Hi.
    replace (pos (g i - t) * (h i + V) / stake g h i) with (pos (g i - t) * correct V i)
      by (unfold correct, s, Rdiv; ring).
    apply Rmult_le_pos; [apply pos_nonneg|apply Rlt_le, correct_positive; auto]. }
  assert (0 <= sum (n - k) (fun i =>
    pos (g (k + i)%nat - t) * (h (k + i)%nat + V) / stake g h (k + i)%nat)).
  { apply sum_nonneg. intros i Hi. apply T. lia. }
  assert (sum k (fun i => (g i - t) * correct V i)
          <= sum k (fun i => pos (g i - t) * (h i + V) / stake g h i)); [|lra].
  apply sum_le. intros i Hi.
  replace (pos (g i - t) * (h i + V) / stake g h i) with (pos (g i - t) * correct V i)
    by (unfold correct, s, Rdiv; ring).
  apply Rmult_le_compat_r; [apply Rlt_le, correct_positive; auto; lia|apply le_pos].
Qed.

Lemma excess_is_prefix t k : (k <= n)%nat -> (forall i, (i < k)%nat -> t <= g i) ->
  (forall i, (k <= i < n)%nat -> g i <= t) ->
  excess n g h V t = t + sum k (fun i => (g i - t) * correct V i).
Proof.
  intros K A B. unfold excess. f_equal. rewrite (sum_prefix n k); auto.
  - apply sum_ext. intros i Hi. rewrite pos_of_nonneg by (specialize (A i Hi); lra).
    unfold correct, s, Rdiv. ring.
  - intros i Hi. rewrite pos_of_nonpos by (specialize (B i Hi); lra). unfold Rdiv. ring.
Qed.

Lemma excess_at_pivot : excess n g h V (g j) = g j + sum j (fun i => (g i - g j) * correct V i).
Proof.
  destruct j_is_pivot as (Hj & _). apply excess_is_prefix; [lia| |].
  - intros i Hi. apply sorted; lia.
  - intros i Hi. apply sorted; lia.
Qed.

Lemma correct_sum_linear k a : sum k (fun i => (g i - a) * correct V i)
  = sum k (fun i => g i * correct V i) - a * sum k (correct V).
Proof. rewrite <- sum_scal, <- sum_minus. apply sum_ext. intros. ring. Qed.

Lemma pivot_minimises_excess t : excess n g h V (g j) <= excess n g h V t.
Proof.
  rewrite excess_at_pivot. destruct j_is_pivot as (Hj & J1 & J2). fold s in J1, J2.
  fold (correct V) in J1, J2.
  destruct (Rle_dec t (g j)) as [T|T].
  - eapply Rle_trans; [|apply (excess_ge_prefix t (S j)); lia].
    rewrite !correct_sum_linear. simpl. simpl in J2. nra.
  - eapply Rle_trans; [|apply (excess_ge_prefix t j); lia].
    rewrite !correct_sum_linear. nra.
Qed.

(* ---------------------------------------------------------------- what the learner secures *)

Section Insured.
Variables (t kappa : R).
Hypothesis V_le_t : V <= t.
Hypothesis kappa_nonneg : 0 <= kappa.
Hypothesis kappa_phi_le_one : kappa * phi n g s t <= 1.

Let H := density n g s V.
Let base := (1 - kappa * phi n g s t) / H.
Definition insured (i : nat) : R := supported g V (fun i => (base + kappa * pos (g i - t)) / s i) i.

Lemma support_density_positive : 0 < H.
Proof.
  destruct V_is_level as (_ & i & Hi & Li). apply (density_positive n g s s_pos V i); auto.
Qed.

Lemma base_nonneg : 0 <= base.
Proof. apply div_nonneg; [lra|apply support_density_positive]. Qed.

Lemma insured_times_stake i : (i < n)%nat ->
  insured i * s i = supported g V (fun _ => base) i + kappa * pos (g i - t).
Proof.
  intros Hi. assert (Si := s_pos i Hi). unfold insured, supported. destruct (Rle_dec V (g i)).
  - field. lra.
  - rewrite pos_of_nonpos by lra. ring.
Qed.

Lemma insured_forced : forced n 1 insured.
Proof.
  assert (HH := support_density_positive). split.
  - intros i Hi. unfold insured, supported. destruct (Rle_dec V (g i)); [|lra].
    apply div_nonneg; auto. assert (A := base_nonneg). assert (B := pos_nonneg (g i - t)).
    assert (0 <= kappa * pos (g i - t)) by (apply Rmult_le_pos; auto). lra.
  - rewrite (sum_ext n insured (fun i => base * supported g V (fun i => / s i) i
      + kappa * shaved g s t i)).
    + rewrite sum_plus, !sum_scal. fold (density n g s V). fold H. fold (phi n g s t).
      unfold base. field. lra.
    + intros i Hi. assert (Si := s_pos i Hi). unfold insured, supported, shaved.
      destruct (Rle_dec V (g i)).
      * field. lra.
      * rewrite pos_of_nonpos by lra. unfold Rdiv. ring.
Qed.

Lemma insured_worst_gain :
  sum n (fun i => insured i * g i) - base * INR m - kappa * sum n (fun i => pos (g i - t))
  = V - kappa * (excess n g h V t - t).
Proof.
  assert (HH := support_density_positive).
  assert (A : sum n (supported g V (fun i => g i / s i)) = V * H + INR m).
  { destruct V_is_level as (Ph & _). rewrite (phi_on_support n g s s_pos) in Ph. fold H in Ph. lra.
    }
  assert (B : sum n (fun i => insured i * g i)
    = base * (V * H + INR m) + kappa * sum n (fun i => pos (g i - t) * g i / s i)).
  { rewrite <- A, <- !sum_scal, <- sum_plus. apply sum_ext. intros i Hi. assert (Si := s_pos i Hi).
    unfold insured, supported. destruct (Rle_dec V (g i)).
    - field. lra.
    - rewrite pos_of_nonpos by lra. unfold Rdiv. ring. }
  assert (C : sum n (fun i => pos (g i - t) * g i / s i) - sum n (fun i => pos (g i - t))
    = V * phi n g s t - (excess n g h V t - t)).
  { unfold excess. replace (t + sum n (fun i => pos (g i - t) * (h i + V) / stake g h i) - t)
      with (sum n (fun i => pos (g i - t) * (h i + V) / stake g h i)) by ring.
    unfold phi. rewrite <- sum_scal, <- !sum_minus. apply sum_ext. intros i Hi.
    assert (Si := s_pos i Hi). unfold shaved, s, stake in *. field. lra. }
  rewrite B. replace (base * (V * H + INR m)) with (V * (base * H) + base * INR m) by ring.
  replace (base * H) with (1 - kappa * phi n g s t) by (unfold base; field; lra).
  replace (V * (1 - kappa * phi n g s t) + base * INR m
     + kappa * sum n (fun i => pos (g i - t) * g i / s i) - base * INR m
     - kappa * sum n (fun i => pos (g i - t)))
    with (V * (1 - kappa * phi n g s t) + kappa *
      (sum n (fun i => pos (g i - t) * g i / s i) - sum n (fun i => pos (g i - t)))) by ring.
  rewrite C. ring.
Qed.

Lemma insured_earns l i : marked n m l -> (i < n)%nat ->
  V - kappa * (excess n g h V t - t) + kappa * (pos (g i - t) * (1 - l i))
  <= payoff n g s insured l.
Proof.
  intros Mk Hi. assert (Bx := marked_in_unit_box n m l Mk). destruct Mk as (_ & Sm).
  rewrite <- insured_worst_gain.
  assert (E : payoff n g s insured l = sum n (fun i => insured i * g i)
     - (sum n (supported g V (fun i => base * l i))
         + kappa * sum n (fun i => pos (g i - t) * l i))).
  { rewrite <- sum_scal, <- sum_plus, <- sum_minus. apply sum_ext. intros k Hk.
    rewrite Rmult_minus_distr_l, <- Rmult_assoc, insured_times_stake by auto.
    unfold supported. destruct (Rle_dec V (g k)); ring. }
  rewrite E.
  assert (A : sum n (supported g V (fun i => base * l i)) <= base * INR m).
  { apply Rle_trans with (base * sum n l).
    - rewrite <- sum_scal. apply sum_le. intros k Hk. specialize (Bx k Hk).
      assert (Rn := base_nonneg).
      unfold supported. destruct (Rle_dec V (g k)); nra.
    - apply Rmult_le_compat_l; [apply base_nonneg|auto]. }
  assert (B : sum n (fun i => pos (g i - t) * l i)
     <= sum n (fun i => pos (g i - t)) - pos (g i - t) * (1 - l i)).
  { assert (X : pos (g i - t) * (1 - l i) <= sum n (fun k => pos (g k - t) * (1 - l k))).
    { apply (term_le_sum n (fun k => pos (g k - t) * (1 - l k)) i); auto. intros k Hk.
      specialize (Bx k Hk). apply Rmult_le_pos; [apply pos_nonneg|lra]. }
    rewrite (sum_ext n (fun k => pos (g k - t) * (1 - l k))
      (fun k => pos (g k - t) - pos (g k - t) * l k)) in X by (intros; ring).
    rewrite sum_minus in X. lra. }
  apply (Rmult_le_compat_l kappa) in B; auto. lra.
Qed.
End Insured.

Lemma unmarked_point_exists l : marked n m l -> exists i, (i < n)%nat /\ l i = 0.
Proof.
  intros (A & Sm). destruct support_exceeds_mistakes as (Hm & _).
  assert (Q : (exists i, (i < n)%nat /\ l i = 0) \/ forall i, (i < n)%nat -> l i = 1).
  { clear - A. induction n; [right; intros; lia|].
    destruct IHn0 as [(i & Hi & Z)|N]; [intros; apply A; lia|left; exists i; auto|].
    destruct (A n0) as [Z|Z]; [lia|left; exists n0; auto|].
    right. intros i Hi. destruct (Nat.eq_dec i n0) as [->|]; auto. apply N. lia. }
  destruct Q as [Q|Q]; auto. exfalso.
  rewrite (sum_ext n l (fun _ => 1)), sum_const in Sm by auto.
  apply lt_INR in Hm. lra.
Qed.

Lemma excess_positive t : 0 < t -> 0 < excess n g h V t.
Proof.
  intros T. assert (A := excess_ge_prefix t 0 ltac:(lia)). simpl in A. lra.
Qed.

Lemma phi_le_excess t : 0 < t -> V * phi n g s t <= excess n g h V t.
Proof.
  intros T. unfold excess, phi. rewrite <- sum_scal.
  assert (sum n (fun i => V * shaved g s t i)
    <= sum n (fun i => pos (g i - t) * (h i + V) / stake g h i)); [|lra].
  apply sum_le. intros i Hi. destruct (in_pool i Hi) as (_ & B). assert (Si := s_pos i Hi).
  unfold shaved. fold s. replace (V * (pos (g i - t) / s i)) with (pos (g i - t) * V / s i)
    by (field; lra).
  apply div_le_compat; auto. apply Rmult_le_compat_l; [apply pos_nonneg|lra].
Qed.

(* --------------------------------------------------------------------- what the teacher secures *)

Lemma shaved_feasible_above_value mu : V <= mu ->
  unit_box n (shaved g s mu) /\ sum n (shaved g s mu) <= INR m.
Proof.
  intros M. destruct V_is_level as (Ph & _). split.
  - intros i Hi. split; [apply shaved_nonneg with n; auto|].
    assert (Si := s_pos i Hi). apply div_le_iff_le_mult; auto. destruct (in_pool i Hi).
    unfold s, stake. apply Rmax_lub; lra.
  - rewrite <- Ph. apply phi_antitone; auto.
Qed.

Lemma shaved_pays_at_most_level mu p : forced n 1 p -> payoff n g s p (shaved g s mu) <= mu.
Proof.
  intros (N & E). apply Rle_trans with (mu * sum n p); [|rewrite E; lra].
  unfold payoff. rewrite <- sum_scal.
  apply sum_le. intros i Hi. specialize (N i Hi). rewrite (gain_after_shaving n) by auto.
  assert (A := Rmin_r (g i) mu). nra.
Qed.

Lemma unshaved_sums_at_pivot : sum j (fun i => 1 - shaved g s V i) = sum j (correct V)
  /\ sum (S j) (fun i => 1 - shaved g s V i) = sum (S j) (correct V)
  /\ sum j (fun i => (1 - shaved g s V i) * g i) = sum j (fun i => g i * correct V i).
Proof.
  assert (G := value_le_pivot_gain). destruct j_is_pivot as (Hj & _).
  assert (A : forall i, (i <= j)%nat -> 1 - shaved g s V i = correct V i).
  { intros i Hi. apply correct_is_unshaved; [lia|]. assert (g j <= g i) by (apply sorted; auto).
    lra. }
  split; [|split]; apply sum_ext; intros i Hi; rewrite A by lia; ring.
Qed.

Lemma some_atom_beats_design_at_pivot c p : 0 <= c -> forced n 1 p ->
  exists l b, marked n m l /\ hindsight n g s l b
    /\ exists i, (i < n)%nat /\ g i <= b /\ c * excess n g h V (g j) - V
      <= c * g i - payoff n g s p l.
Proof.
  intros C F. destruct (shaved_feasible_above_value V (Rle_refl V)) as (U & M).
  destruct unshaved_sums_at_pivot as (W1 & W2 & W3). assert (Jc := j_is_pivot).
  destruct j_is_pivot as (Hj & J1 & J2).
  apply some_atom_beats_design with (x := shaved g s V) (j := j); auto.
  - rewrite W1, W2. split; auto.
  - rewrite W1, W3, excess_at_pivot, correct_sum_linear.
    assert (A := shaved_pays_at_most_level V p F).
    replace (sum j (fun i => g i * correct V i) + (1 - sum j (correct V)) * g j)
      with (g j + (sum j (fun i => g i * correct V i) - g j * sum j (correct V))) by ring. lra.
Qed.

Lemma ratio_value_at_pivot : ratio_value n m g s (V / excess n g h V (g j)).
Proof.
  assert (G := value_le_pivot_gain). set (t := g j) in *. assert (Tp : 0 < t) by lra.
  assert (Ep := excess_positive t Tp). set (E := excess n g h V t) in *. set (rho := V / E).
  assert (Rp : 0 < rho) by (apply Rdiv_lt_0_compat; auto).
  assert (RE : rho * E = V) by (unfold rho; field; lra).
  assert (K1 : rho * phi n g s t <= 1).
  { apply Rmult_le_reg_r with E; auto. replace (rho * phi n g s t * E) with (V * phi n g s t)
      by (unfold rho; field; lra). rewrite Rmult_1_l. apply phi_le_excess. auto. }
  assert (K0 : 0 <= rho) by lra. split.
  - exists (insured t rho). split; [apply insured_forced; auto|].
    intros l b Mk (Hb & i & Hi & Eb).
    destruct (unmarked_point_exists l Mk) as (k & Hk & Zk).
    assert (Bp : 0 < b).
    { specialize (Hb k Hk). rewrite Zk in Hb. destruct (in_pool k Hk). lra. }
    split; auto. destruct Mk as (Mk & Sm). destruct (Mk i Hi) as [Z|Z].
    + assert (A := insured_earns t rho G K0 K1 l i (conj Mk Sm) Hi). rewrite Z in *. fold E in A.
      apply Rmult_le_reg_r with b; auto.
      replace (payoff n g s (insured t rho) l / b * b) with (payoff n g s (insured t rho) l)
        by (field; lra).
      assert (X := le_pos (g i - t)). nra.
    + exfalso. rewrite Z in Eb. destruct (in_pool i Hi). unfold s, stake in Eb. lra.
  - intros p F. destruct (some_atom_beats_design_at_pivot rho p K0 F)
      as (l & b & Mk & Hb & i & Hi & Gi & B).
    exists l, b. split; auto. split; auto. destruct (in_pool i Hi). split; [lra|].
    fold t in B. fold E in B. apply div_le_iff_le_mult; [lra|]. nra.
Qed.

Lemma insured_regret_le t : V <= t -> phi n g s t <= 1 ->
  exists p, forced n 1 p /\ forall l b, marked n m l -> hindsight n g s l b ->
    b - payoff n g s p l <= excess n g h V t - V.
Proof.
  intros T Ph. assert (K1 : 1 * phi n g s t <= 1) by lra.
  exists (insured t 1). split; [apply insured_forced; auto; lra|].
  intros l b Mk (Hb & i & Hi & Eb).
  assert (A := insured_earns t 1 T Rle_0_1 K1 l i Mk Hi).
  destruct Mk as (Mk & Sm). destruct (in_pool i Hi) as (_ & Hh).
  destruct (Mk i Hi) as [Z|Z]; rewrite Z in *.
  - assert (X := le_pos (g i - t)). lra.
  - unfold s, stake in *. lra.
Qed.

(* The clamped case: t1 lies above the pivot's gain; the first k points lie above t1.  The teacher
   shaves to the level mu at which these k points are correct once in the mean. *)
Section Clamped.
Variables (t1 : R) (k0 : nat).
Let k := S k0.
Hypothesis phi_t1 : phi n g s t1 = 1.
Hypothesis k_le_j : (k <= j)%nat.
Hypothesis above_t1 : forall i, (i < n)%nat -> ((i < k)%nat <-> t1 < g i).

Let k_lt_n : (k < n)%nat := Nat.le_lt_trans _ _ _ k_le_j (proj1 j_is_pivot).
Let mu := (1 - sum k (fun i => h i / s i)) / sum k (fun i => / s i).

Lemma first_points_above_t1 i : (i < k)%nat -> t1 < g i.
Proof. intros Hi. apply above_t1; auto. lia. Qed.

Lemma other_points_at_most_t1 i : (k <= i < n)%nat -> g i <= t1.
Proof.
  intros Hi. destruct (Rlt_dec t1 (g i)) as [Q|Q]; [|lra]. apply above_t1 in Q; lia.
Qed.

Lemma inverse_prefix_positive : 0 < sum k (fun i => / s i).
Proof. apply inverse_sum_positive; [lia|]. intros i Hi. apply s_pos. lia. Qed.

Lemma correct_sum_affine x :
  sum k (correct x) = sum k (fun i => h i / s i) + x * sum k (fun i => / s i).
Proof.
  rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros i Hi. unfold correct, Rdiv. ring.
Qed.

Lemma correct_sum_at_mu : sum k (correct mu) = 1.
Proof.
  assert (Inv := inverse_prefix_positive). rewrite correct_sum_affine. unfold mu. field. lra.
Qed.

Lemma value_le_mu : V <= mu.
Proof.
  assert (Inv := inverse_prefix_positive). assert (Jc := j_is_pivot). destruct Jc as (Hj & J1 & _).
  fold s in J1. fold (correct V) in J1.
  assert (A := correct_sum_monotone V k j V_positive k_le_j ltac:(lia)).
  assert (B := correct_sum_at_mu). rewrite correct_sum_affine in A, B. nra.
Qed.

Lemma prefix_shaved_to_t1 : sum k (fun i => (g i - t1) / s i) = 1.
Proof.
  rewrite <- phi_t1. unfold phi. rewrite (sum_prefix n k); [|lia|].
  - apply sum_ext. intros i Hi. assert (A := first_points_above_t1 i Hi). unfold shaved.
    rewrite pos_of_nonneg by lra. reflexivity.
  - intros i Hi. assert (A := other_points_at_most_t1 i Hi). unfold shaved.
    rewrite pos_of_nonpos by lra. unfold Rdiv. ring.
Qed.

(* One point alone above t1 would have to be shaved by its whole stake. *)
Lemma two_points_above_t1 : 0 < t1 -> (2 <= k)%nat.
Proof.
  intros T. destruct (le_lt_dec 2 k) as [?|Q]; auto. exfalso.
  assert (One := prefix_shaved_to_t1). replace k with 1%nat in One by (unfold k in *; lia).
  simpl in One. destruct (in_pool 0%nat ltac:(lia)) as (G0 & H0).
  assert (Si := s_pos 0%nat ltac:(lia)).
  assert (g 0%nat - t1 = s 0%nat).
  { apply Rmult_eq_reg_r with (/ s 0%nat); [|apply Rinv_neq_0_compat; lra].
    rewrite Rinv_r by lra. unfold Rdiv in One. lra. }
  unfold s, stake in H. lra.
Qed.

Lemma mu_le_t1 : 0 < t1 -> mu <= t1.
Proof.
  intros T. assert (Inv := inverse_prefix_positive). assert (One := prefix_shaved_to_t1).
  assert (Wmu := correct_sum_at_mu).
  assert (A : forall a, sum k (fun i => (g i - a) / s i) = INR k - sum k (correct a)).
  { intros a. replace (INR k) with (sum k (fun _ => 1)) by (rewrite sum_const; ring).
    rewrite <- sum_minus. apply sum_ext. intros i Hi. assert (Si := s_pos i ltac:(lia)).
    unfold correct, s, stake in *. field. lra. }
  assert (Two : 2 <= INR k).
  { replace 2 with (INR 2) by reflexivity. apply le_INR, two_points_above_t1. exact T. }
  assert (C := A t1). rewrite One in C. rewrite correct_sum_affine in Wmu, C.
  assert (sum k (fun i => / s i) * (t1 - mu) >= 0) by lra. nra.
Qed.

Lemma excess_at_clamp : excess n g h V t1 - V = sum k (fun i => g i * correct mu i) - mu.
Proof.
  assert (One := prefix_shaved_to_t1).
  rewrite (excess_is_prefix t1 k); [|lia|intros i Hi; apply Rlt_le, first_points_above_t1; auto|
                                     intros; apply other_points_at_most_t1; auto].
  assert (Y : forall a, sum k (fun i => (g i - t1) * correct a i)
                        = sum k (fun i => (g i - t1) * (h i / s i)) + a).
  { intros a. apply eq_trans with (sum k (fun i => (g i - t1) * (h i / s i))
      + a * sum k (fun i => (g i - t1) / s i)); [|rewrite One; ring].
    rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros i Hi. unfold correct, Rdiv. ring. }
  assert (Z : sum k (fun i => g i * correct mu i)
              = sum k (fun i => (g i - t1) * correct mu i) + t1).
  { apply eq_trans with (sum k (fun i => (g i - t1) * correct mu i) + t1 * sum k (correct mu));
      [|rewrite correct_sum_at_mu; ring].
    rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros. ring. }
  rewrite Z, !Y. lra.
Qed.

Lemma regret_ge_at_clamp p : 0 < t1 -> forced n 1 p ->
  exists l b, marked n m l /\ hindsight n g s l b
    /\ excess n g h V t1 - V <= b - payoff n g s p l.
Proof.
  intros T F. destruct (shaved_feasible_above_value mu value_le_mu) as (U & M).
  assert (MuT := mu_le_t1 T). assert (MuV := value_le_mu).
  assert (Wi : forall i, (i < k)%nat -> 1 - shaved g s mu i = correct mu i).
  { intros i Hi. apply correct_is_unshaved; [lia|]. assert (A := first_points_above_t1 i Hi). lra. }
  assert (W0 : sum k0 (fun i => 1 - shaved g s mu i) = sum k0 (correct mu)).
  { apply sum_ext. intros. apply Wi. lia. }
  assert (Wmu : sum k0 (correct mu) + correct mu k0 = 1) by exact correct_sum_at_mu.
  assert (Wk : 0 < correct mu k0) by (apply correct_positive; [lra|lia]).
  destruct (some_atom_beats_design n g s m (shaved g s mu) k0 p 1 (excess n g h V t1 - V))
    as (l & b & Mk & Hb & i & Hi & Gi & B); auto; [lia| | |].
  - simpl. rewrite W0, Wi by lia. lra.
  - rewrite W0, excess_at_clamp. assert (A := shaved_pays_at_most_level mu p F).
    rewrite (sum_ext k0 (fun i => (1 - shaved g s mu i) * g i) (fun i => g i * correct mu i))
      by (intros i Hi; rewrite Wi by lia; ring).
    replace (1 - sum k0 (correct mu)) with (correct mu k0) by lra. simpl. lra.
  - exists l, b. split; auto. split; auto. lra.
Qed.
End Clamped.

Lemma regret_ge_when_clamped t1 p : level n g s 1 t1 -> g j < t1 -> forced n 1 p ->
  exists l b, marked n m l /\ hindsight n g s l b
    /\ excess n g h V t1 - V <= b - payoff n g s p l.
Proof.
  intros (Ph & _) T F. assert (G := value_le_pivot_gain). assert (Hj := proj1 j_is_pivot).
  destruct (points_above_are_prefix n g t1 sorted) as (k & Kn & E).
  assert (Kj : (k <= j)%nat).
  { destruct (le_lt_dec k j) as [?|Q]; auto. apply E in Q; auto. lra. }
  destruct k as [|k0]; [exfalso|apply regret_ge_at_clamp with k0; auto; lra].
  assert (phi n g s t1 = 0); [|lra]. apply sum_zero. intros i Hi. unfold shaved.
  rewrite pos_of_nonpos; [unfold Rdiv; ring|].
  destruct (Rlt_dec t1 (g i)) as [Q|Q]; [|lra]. apply E in Q; [lia|auto].
Qed.

Lemma regret_value_at_clamp t1 : level n g s 1 t1 ->
  regret_value n m g s (excess n g h V (Rmax (g j) t1) - V).
Proof.
  intros T1. assert (G := value_le_pivot_gain). assert (A := Rmax_l (g j) t1).
  assert (B := Rmax_r (g j) t1).
  split.
  - apply insured_regret_le; [lra|]. assert (Ph := T1). destruct Ph as (Ph & _). rewrite <- Ph.
    apply phi_antitone; auto.
  - intros p F. unfold Rmax. destruct (Rle_dec (g j) t1) as [C|C].
    + destruct C as [C|C].
      * apply regret_ge_when_clamped; auto.
      * rewrite <- C. destruct (some_atom_beats_design_at_pivot 1 p Rle_0_1 F)
          as (l & b & Mk & Hb & i & Hi & Gi & Q).
        exists l, b. split; auto. split; auto. lra.
    + destruct (some_atom_beats_design_at_pivot 1 p Rle_0_1 F)
        as (l & b & Mk & Hb & i & Hi & Gi & Q).
      exists l, b. split; auto. split; auto. lra.
Qed.
End Pivot.

Lemma R_pivot : R_pivot_statement.
Proof.
  intros n g h m V P D L Vp. destruct (pivot_exists n m g h V P D L Vp) as (j & J).
  exists j. split; auto. split; [eapply pivot_le_mistakes; eauto|].
  split; [eapply value_le_pivot_gain; eauto|]. intros t. apply pivot_minimises_excess; auto.
Qed.

Lemma R1 : R1_statement.
Proof. intros n g h m V j P D L Vp J. apply ratio_value_at_pivot; auto. Qed.

Lemma R2 : R2_statement.
Proof. intros n g h m V j t1 P D L Vp J T1. apply regret_value_at_clamp; auto. Qed.

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
