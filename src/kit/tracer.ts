/**
 * Tells a trace collector how what was said travels. Absent (`undefined`) where nobody listens, which is how it is by
 * default: use `traced`, so that nothing is worked out for nothing.
 */
export interface Tracer {
  /** Does `work` as a step of these journeys. The calls it makes outside are shown under the step. */
  during<T>(step: TraceStep, journeys: readonly Journey[], work: () => Promise<T>): Promise<T>;
  /** A step that is over now and began at `from` (milliseconds since 1970). */
  passed(step: TraceStep, journeys: readonly Journey[], from: number): void;
}

/** `webhook` and `collect` begin a journey: what a customer said, and what an agent answered. */
export type TraceStep = 'webhook' | 'commit' | 'apply' | 'files' | 'ticket' | 'history' | 'collect' | 'send';

/**
 * Names one thing said on its whole way through the service. The ids of its trace are made of this name, so that every
 * replica, before and after a restart, writes on the same trace and nothing has to be kept or handed on.
 */
export type Journey = string & { readonly _: 'Journey' };

/** Steps nobody is above: the id of such a step is made of the journey's name too. */
export const firstSteps: ReadonlySet<TraceStep> = new Set<TraceStep>(['webhook', 'collect']);

/** Does `work`, as a step of journeys if anybody listens; only then `journeys` is asked. */
export const traced = <T>(
  trace: Tracer | undefined,
  step: TraceStep,
  journeys: () => readonly Journey[],
  work: () => Promise<T>,
): Promise<T> => (trace ? trace.during(step, journeys(), work) : work());
