/** What can be wrong with the sample: each is a mistake that an author makes. */
export const defects = [
  'accepts_any_input',
  'creates_twice',
  'asks_needlessly',
  'never_finds',
  'finds_anything',
  'forgets_the_key',
  'takes_failure_for_absence',
  'takes_a_limit_for_final',
  'takes_500_for_nothing_done',
  'shuts_its_payload',
  'reads_the_id_elsewhere',
  'emits_what_it_does_not_declare',
  'names_no_account',
  'is_healthy_whatever_comes',
  'refuses_a_repeat',
  'repeats_its_creation',
  'repeats_its_creation_unseen',
  'repeats_and_says_nothing',
  'sends_no_key',
  'reads_without_end',
  'goes_past_the_gateway',
  'names_no_documentation',
  'forgets_a_resource',
  'names_a_resource_elsewhere',
  'reads_a_resource_elsewhere',
  'forgets_the_cursor',
  'looks_without_end',
  'leaves_the_body_unsigned',
  'leaves_no_room_for_clocks',
  'emits_again_what_it_kept',
  'tries_again_by_itself',
  'shows_a_token_of_its_own',
  'knows_no_refused_refresh_token',
] as const;

/** One of them. */
export type Defect = (typeof defects)[number];

/** Has the sample this defect? */
export type Has = (defect: Defect) => boolean;
