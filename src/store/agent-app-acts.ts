/** What agents do in the app beside the ticket, as far as it is not an act on links, which has a name of its own. */
export type AgentAppAct = 'agent-said' | 'agent-template' | 'agent-blocked' | 'agent-unblocked';
