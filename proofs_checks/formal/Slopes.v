(* V4: the derivatives of the value in one gain and in m, while no gain lies at the level. *)
Require Import Reals Lra Lia.
From Radsim Require Import Statements MoreStatements Sums Levels Shape.
Open Scope R_scope.

Lemma derivable_pt_lim_linear a k x : derivable_pt_lim (fun y => a + k * y) x k.
Proof.
  intros eps E. exists (mkposreal 1 Rlt_0_1). intros h H0 _.
  replace ((a + k * (x + h) - (a + k * x)) / h - k) with 0 by (field; auto).
  rewrite Rabs_R0. exact E.
Qed.

Lemma derivable_near V x l d : derivable_pt_lim V x l -> 0 < d ->
  exists eps, 0 < eps /\ forall y, Rabs (y - x) < eps -> Rabs (V y - V x) < d.
Proof.
  intros D P. assert (C : continuity_pt V x).
  { apply derivable_continuous_pt. exists l. exact D. }
  destruct (C d P) as (a & A & H). exists a. split; [exact A|]. intros y Y.
  destruct (Req_dec x y) as [->|N].
  - rewrite Rminus_diag_eq by reflexivity. rewrite Rabs_R0. exact P.
  - apply H. split; [split; [exact I|exact N]|exact Y].
Qed.

Section Proportional.
Variables (n : nat) (c m : R).
Hypothesis c_nonneg : 0 <= c.

Definition count g lam := sum n (supported g lam (fun _ => 1)).
Definition inverses g lam := sum n (supported g lam (fun i => / g i)).

Lemma proportional_phi g lam : (forall i, (i < n)%nat -> 0 < g i) ->
  (1 + c) * phi n g (stake g (scaled c g)) lam = count g lam - lam * inverses g lam.
Proof.
  intros G. unfold phi, count, inverses. rewrite <- !sum_scal, <- sum_minus. apply sum_ext.
  intros i Hi. specialize (G i Hi). unfold shaved, supported, stake, scaled.
  destruct (Rle_dec lam (g i)).
  - rewrite pos_of_nonneg by lra. field. nra.
  - rewrite pos_of_nonpos by lra. unfold Rdiv. ring.
Qed.

Lemma inverses_is_density g lam : (forall i, (i < n)%nat -> 0 < g i) ->
  inverses g lam = (1 + c) * density n g (stake g (scaled c g)) lam.
Proof.
  intros G. unfold inverses, density. rewrite <- sum_scal. apply sum_ext. intros i Hi.
  specialize (G i Hi). unfold supported, stake, scaled. destruct (Rle_dec lam (g i)); [|ring].
  field. nra.
Qed.

Variables (g : nat -> R) (lam : R) (i : nat).
Hypothesis g_pos : forall k, (k < n)%nat -> 0 < g k.
Hypothesis i_in : (i < n)%nat.
Hypothesis at_level : level n g (stake g (scaled c g)) m lam.
Hypothesis lam_pos : 0 < lam.
Hypothesis none_at_level : forall k, (k < n)%nat -> g k <> lam.

Let N := count g lam - (1 + c) * m.
Let H := inverses g lam.

Lemma inverses_positive : 0 < H.
Proof.
  unfold H. rewrite inverses_is_density by exact g_pos. apply Rmult_lt_0_compat; [lra|].
  destruct at_level as (_ & j & Hj & L). apply density_positive with j; auto.
  intros k Hk. specialize (g_pos k Hk). unfold stake, scaled. nra.
Qed.

Lemma level_times_inverses : lam * H = N.
Proof.
  destruct at_level as (E & _). assert (A := proportional_phi g lam g_pos).
  rewrite E in A. unfold N, H. lra.
Qed.

(* The value as a function of gain i: N/(H - 1/g_i + 1/x) on the support, constant off it. *)
Definition value_of_gain (x : R) : R :=
  if Rle_dec lam (g i) then (0 + N * x) / (1 + (H - / g i) * x) else lam.

Lemma value_of_own_gain : value_of_gain (g i) = lam.
Proof.
  unfold value_of_gain. destruct (Rle_dec lam (g i)); auto.
  assert (P := g_pos i i_in). assert (HH := inverses_positive). assert (E := level_times_inverses).
  replace (1 + (H - / g i) * g i) with (H * g i) by (field; lra).
  rewrite <- E. field. split; lra.
Qed.

Lemma value_of_gain_slope :
  derivable_pt_lim value_of_gain (g i) (lam * design n g (stake g (scaled c g)) lam i / g i).
Proof.
  assert (P := g_pos i i_in). assert (HH := inverses_positive). assert (E := level_times_inverses).
  assert (D := inverses_is_density g lam g_pos). fold H in D.
  unfold value_of_gain, design, supported. destruct (Rle_dec lam (g i)).
  - assert (X : 1 + (H - / g i) * g i = H * g i) by (field; lra).
    assert (Nz : H * g i <> 0) by nra.
    assert (Q := derivable_pt_lim_div (fun y => 0 + N * y) (fun y => 1 + (H - / g i) * y) (g i)
      N (H - / g i) (derivable_pt_lim_linear 0 N (g i)) (derivable_pt_lim_linear 1 _ (g i))).
    cbv beta in Q. rewrite X in Q. specialize (Q Nz).
    replace (lam * / (stake g (scaled c g) i * density n g (stake g (scaled c g)) lam) / g i)
      with ((N * (H * g i) - (H - / g i) * (0 + N * g i)) / Rsqr (H * g i)); [exact Q|].
    unfold Rsqr. rewrite <- E.
    replace (stake g (scaled c g) i * density n g (stake g (scaled c g)) lam) with (g i * H)
      by (rewrite D; unfold stake, scaled; ring).
    field. split; lra.
  - replace (lam * 0 / g i) with 0 by (unfold Rdiv; ring).
    assert (Q := derivable_pt_lim_const lam (g i)). exact Q.
Qed.

(* A move that leaves every point on its side of the level leaves value_of_gain the level. *)
Lemma moved_level x d : 0 < x -> Rabs (x - g i) < d -> Rabs (value_of_gain x - lam) < d ->
  (forall k, (k < n)%nat -> (lam < g k -> lam + 2 * d <= g k) /\ (g k < lam -> g k <= lam - 2 *
    d)) ->
  let g' := with_gain g i x in
  level n g' (stake g' (scaled c g')) m (value_of_gain x).
Proof.
  intros X Near NearV Gap g'. set (v := value_of_gain x) in *.
  apply Rabs_def2 in Near. apply Rabs_def2 in NearV.
  assert (G' : forall k, (k < n)%nat -> 0 < g' k).
  { intros k Hk. unfold g', with_gain. destruct (Nat.eq_dec k i); auto. }
  assert (Side : forall f k, (k < n)%nat -> supported g' v f k = supported g lam f k).
  { intros f k Hk. destruct (Gap k Hk) as (A & B). assert (Ne := none_at_level k Hk).
    assert (Far : lam + 2 * d <= g k \/ g k <= lam - 2 * d).
    { destruct (Rdichotomy _ _ Ne) as [Q|Q]; [right; apply B; exact Q|left; apply A; exact Q]. }
    unfold supported, g', with_gain.
    destruct (Nat.eq_dec k i) as [->|]; [destruct (Rle_dec v x)|destruct (Rle_dec v (g k))];
    destruct (Rle_dec lam _) as [L|L]; auto; exfalso; destruct Far; lra. }
  assert (Ei : inverses g' v = if Rle_dec lam (g i) then H - / g i + / x else H).
  { unfold inverses. rewrite (sum_ext n _ (supported g lam (fun k => / g' k))) by auto.
    rewrite (sum_ext n _ (fun k => supported g lam (fun k => / g k) k
      + unit_vector i k * (if Rle_dec lam (g i) then / x - / g i else 0))).
    - rewrite sum_plus, (sum_unit_vector_times n i (fun _ => _)) by auto. unfold H, inverses.
      destruct (Rle_dec lam (g i)); ring.
    - intros k Hk. unfold supported, unit_vector, g', with_gain.
      destruct (Nat.eq_dec k i) as [->|]; [destruct (Rle_dec lam (g i)); ring|ring]. }
  assert (Ec : count g' v = count g lam) by (apply sum_ext; auto).
  assert (E : v * inverses g' v = N).
  { rewrite Ei. unfold v, value_of_gain. destruct (Rle_dec lam (g i)) as [L|L].
    - assert (A : 0 < H - / g i + / x).
      { (* the inverses of a support are positive *)
        assert (Q : inverses g' v = (1 + c) * density n g' (stake g' (scaled c g')) v)
          by (apply inverses_is_density; auto).
        destruct (Rle_dec lam (g i)) as [_|]; [|contradiction]. rewrite <- Ei, Q.
        apply Rmult_lt_0_compat; [lra|]. apply density_positive with i; auto.
        - intros k Hk. specialize (G' k Hk). unfold stake, scaled. nra.
        - assert (Sd := Side (fun _ => 1) i i_in). unfold supported in Sd.
          destruct (Rle_dec lam (g i)); [|contradiction]. destruct (Rle_dec v (g' i)); [auto|lra]. }
      replace (1 + (H - / g i) * x) with ((H - / g i + / x) * x)
        by (rewrite Rmult_plus_distr_r, Rinv_l by lra; ring).
      revert A. generalize (H - / g i + / x). intros a A. field. split; lra.
    - apply level_times_inverses. }
  split.
  - assert (A := proportional_phi g' v G'). rewrite Ec, E in A. unfold N in A. nra.
  - destruct at_level as (_ & j & Hj & L). exists j. split; auto.
    assert (Sd := Side (fun _ => 1) j Hj). unfold supported in Sd.
    destruct (Rle_dec lam (g j)); [|contradiction]. destruct (Rle_dec v (g' j)); [auto|lra].
Qed.
End Proportional.

Lemma V4_gain_slope : V4_gain_slope_statement.
Proof.
  intros n g c m lam i C P Hi s L Lp Ne.
  assert (G : forall k, (k < n)%nat -> 0 < g k) by (intros k Hk; apply P; auto).
  destruct (point_gap n g lam) as (e & E & Gap).
  assert (D := value_of_gain_slope n c m C g lam i G Hi L).
  assert (Own := value_of_own_gain n c m C g lam i G Hi L Lp).
  set (V := value_of_gain n c m g lam i) in *. set (d := Rmin (e / 2) lam).
  assert (D1 := Rmin_l (e / 2) lam). assert (D2 := Rmin_r (e / 2) lam). fold d in D1, D2.
  assert (Dp : 0 < d) by (apply Rmin_glb_lt; lra).
  destruct (derivable_near V (g i) _ d D Dp) as (a & A & Near).
  assert (M1 := Rmin_l a (Rmin d (g i))). assert (M2 := Rmin_r a (Rmin d (g i))).
  assert (M3 := Rmin_l d (g i)). assert (M4 := Rmin_r d (g i)).
  exists V, (Rmin a (Rmin d (g i))). split; [|split; [|split; [exact Own|exact D]]].
  - apply Rmin_glb_lt; [exact A|]. apply Rmin_glb_lt; [exact Dp|exact (G i Hi)].
  - intros x X g'. assert (Nx := Near x ltac:(lra)). rewrite Own in Nx.
    assert (Xp : 0 < x) by (apply Rabs_def2 in X; lra).
    assert (Vp : 0 < V x) by (apply Rabs_def2 in Nx; lra).
    apply value_at_level; auto.
    + intros k Hk. unfold scaled, g', with_gain. specialize (G k Hk).
      destruct (Nat.eq_dec k i); split; auto; nra.
    + apply (moved_level n c m C g lam i G Hi L Ne x d); auto; [lra|].
      intros k Hk. destruct (Gap k Hk) as (G1 & G2).
      split; intros; [specialize (G1 H)|specialize (G2 H)]; lra.
Qed.

Lemma V4_mistake_slope : V4_mistake_slope_statement.
Proof.
  intros n g h m lam P s L Lp Ne. split.
  - assert (s_pos := pool_stakes_positive n g h P : all_positive n s).
    destruct (V4_slope n g h m lam P L Ne) as (e & E & Sl). fold s in Sl.
    assert (HH : 0 < density n g s lam).
    { destruct L as (_ & j & Hj & Lj). apply density_positive with j; auto. }
    set (H := density n g s lam) in *.
    assert (M1 := Rmin_l e (lam * H)). assert (M2 := Rmin_r e (lam * H)).
    exists (fun x => (lam + m * / H) + (- / H) * x), (Rmin e (lam * H)). split; [|split; [|split]].
    + apply Rmin_glb_lt; auto. apply Rmult_lt_0_compat; auto.
    + intros x X. replace (lam + m * / H + - / H * x) with (lam - (x - m) / H) by (field; lra).
      apply value_at_level; auto; [apply Sl; lra|]. apply Rabs_def2 in X.
      assert ((x - m) / H < lam); [|lra]. apply Rmult_lt_reg_r with H; auto.
      replace ((x - m) / H * H) with (x - m) by (field; lra). lra.
    + field. lra.
    + apply derivable_pt_lim_linear.
  - intros c C Eh. assert (G : forall k, (k < n)%nat -> 0 < g k) by (intros k Hk; apply P; auto).
    assert (D : density n g s lam = density n g (stake g (scaled c g)) lam).
    { apply sum_ext. intros k Hk. unfold supported, s, stake, scaled. rewrite Eh by auto.
      reflexivity. }
    assert (A := inverses_is_density n c C g lam G). unfold inverses in A. rewrite A, D.
    assert (0 < density n g (stake g (scaled c g)) lam).
    { destruct L as (_ & j & Hj & Lj). apply density_positive with j; auto.
      intros k Hk. specialize (G k Hk). unfold stake, scaled. nra. }
    field. split; lra.
Qed.
