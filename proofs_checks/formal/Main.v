(* One name for each proof.  Audit this file and the files of statements. *)
From Radsim Require Import Statements.
From Radsim Require Import TeacherStatements.
From Radsim Require Levels Prefixes Capped Answers Shape Regret Laws Checker.
From Radsim Require Deviations Envelopes Routing.

Theorem V1_level : V1_level_statement. Proof. exact Levels.V1_level. Qed.
Theorem V1_phi : V1_phi_statement. Proof. exact Levels.V1_phi. Qed.
Theorem V1_saddle : V1_saddle_statement. Proof. exact Levels.V1_saddle. Qed.
Theorem V1_zero : V1_zero_statement. Proof. exact Levels.V1_zero. Qed.
Theorem value_unique : value_unique_statement. Proof. exact Levels.value_unique. Qed.
Theorem V2_prefix : V2_prefix_statement. Proof. exact Prefixes.V2_prefix. Qed.
Theorem V2_unimodal : V2_unimodal_statement. Proof. exact Prefixes.V2_unimodal. Qed.
Theorem V2_newton : V2_newton_statement. Proof. exact Prefixes.V2_newton. Qed.
Theorem V3_certificate : V3_certificate_statement. Proof. exact Capped.V3_certificate. Qed.
Theorem V3_brackets : V3_brackets_statement. Proof. exact Capped.V3_brackets. Qed.
Theorem V3_threshold : V3_threshold_statement. Proof. exact Capped.V3_threshold. Qed.
Theorem V3_existence : V3_existence_statement. Proof. exact Capped.V3_existence. Qed.
Theorem V3_regime : V3_regime_statement. Proof. exact Capped.V3_regime. Qed.
Theorem V3_beyond : V3_beyond_statement. Proof. exact Capped.V3_beyond. Qed.
Theorem V3_value : V3_value_statement. Proof. exact Capped.V3_value. Qed.
Theorem V3_refuted : V3_refuted_statement. Proof. exact Capped.V3_refuted. Qed.
Theorem V3a : V3a_statement. Proof. exact Answers.V3a. Qed.
Theorem V3a_budget : V3a_budget_statement. Proof. exact Answers.V3a_budget. Qed.
Theorem V3b : V3b_statement. Proof. exact Answers.V3b. Qed.
Theorem V3b_proportional : V3b_proportional_statement. Proof. exact Answers.V3b_proportional. Qed.
Theorem V3b_example : V3b_example_statement. Proof. exact Answers.V3b_example. Qed.
Theorem V4_mistakes : V4_mistakes_statement. Proof. exact Shape.V4_mistakes. Qed.
Theorem V4_piecewise : V4_piecewise_statement. Proof. exact Shape.V4_piecewise. Qed.
Theorem V4_harms : V4_harms_statement. Proof. exact Shape.V4_harms. Qed.
Theorem V4_scale : V4_scale_statement. Proof. exact Shape.V4_scale. Qed.
Theorem V4_point : V4_point_statement. Proof. exact Shape.V4_point. Qed.
Theorem V4_order : V4_order_statement. Proof. exact Shape.V4_order. Qed.
Theorem V4_gains : V4_gains_statement. Proof. exact Shape.V4_gains. Qed.
Theorem V4_lipschitz : V4_lipschitz_statement. Proof. exact Shape.V4_lipschitz. Qed.
Theorem V4_harm_convex : V4_harm_convex_statement. Proof. exact Shape.V4_harm_convex. Qed.
Theorem V4_support : V4_support_statement. Proof. exact Shape.V4_support. Qed.
Theorem V4_slope : V4_slope_statement. Proof. exact Shape.V4_slope. Qed.
Theorem V4_neither : V4_neither_statement. Proof. exact Shape.V4_neither. Qed.
Theorem V5 : V5_statement. Proof. exact Answers.V5. Qed.
Theorem V6 : V6_statement. Proof. exact Answers.V6. Qed.
Theorem V6_proportional : V6_proportional_statement. Proof. exact Answers.V6_proportional. Qed.
Theorem V7_deterministic : V7_deterministic_statement. Proof. exact Answers.V7_deterministic. Qed.
Theorem V7_worst : V7_worst_statement. Proof. exact Answers.V7_worst. Qed.
Theorem V7_top : V7_top_statement. Proof. exact Answers.V7_top. Qed.
Theorem V7_uniform : V7_uniform_statement. Proof. exact Answers.V7_uniform. Qed.
Theorem R_pivot : R_pivot_statement. Proof. exact Regret.R_pivot. Qed.
Theorem R_law : R_law_statement. Proof. exact Laws.R_law. Qed.
Theorem R1 : R1_statement. Proof. exact Regret.R1. Qed.
Theorem R2 : R2_statement. Proof. exact Regret.R2. Qed.
Theorem R3 : R3_statement. Proof. exact Regret.R3. Qed.
Theorem A1_uncapped : A1_uncapped_statement. Proof. exact Answers.A1_uncapped. Qed.
Theorem A2_uncapped : A2_uncapped_statement. Proof. exact Answers.A2_uncapped. Qed.
Theorem A2_capped : A2_capped_statement. Proof. exact Capped.A2_capped. Qed.
Theorem check_sound : check_sound_statement. Proof. exact Checker.check_sound. Qed.
Theorem N4_saddle : N4_saddle_statement. Proof. exact Deviations.N4_saddle. Qed.
Theorem N4_value : N4_value_statement. Proof. exact Envelopes.N4_value. Qed.
Theorem N4_zero : N4_zero_statement. Proof. exact Deviations.N4_zero. Qed.
Theorem N4_convex : N4_convex_statement. Proof. exact Deviations.N4_convex. Qed.
Theorem N4_worse : N4_worse_statement. Proof. exact Deviations.N4_worse. Qed.
Theorem N4_unique : N4_unique_statement. Proof. exact Deviations.N4_unique. Qed.
Theorem N4_grid : N4_grid_statement. Proof. exact Envelopes.N4_grid. Qed.
Theorem N5_route : N5_route_statement. Proof. exact Routing.N5_route. Qed.
Theorem N5_majority : N5_majority_statement. Proof. exact Routing.N5_majority. Qed.
Theorem N5_bound : N5_bound_statement. Proof. exact Routing.N5_bound. Qed.
Theorem N5_vote : N5_vote_statement. Proof. exact Routing.N5_vote. Qed.
