/** The id of a workspace that has been given none; `serve` answers to it beside the one that the configuration names. */
export const EMPTY_WORKSPACE_ID = '00000000-0000-0000-0000-000000000000';
