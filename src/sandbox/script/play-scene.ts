import { setTimeout as wait } from 'node:timers/promises';
import { channelOf } from '../demo/channels.ts';
import type { World } from '../demo/world.ts';
import { makeCustomer } from './customer.ts';
import { type Fact, isTrue } from './fact.ts';
import { OutOfPatience } from './patience.ts';
import type { Scene, Stage } from './scene.ts';

/** How a scene went. */
export interface Played {
  scene: Scene;
  stage: Stage;
  seconds: number;
  /** What did not hold; empty when all is as promised. */
  wrong: Fact[];
}

export async function playScene(world: World, scene: Scene, who: { user: string; name: string }): Promise<Played> {
  const channel = channelOf(world.channels, scene.on ?? 'messenger');
  const stage = { world, channel, customer: makeCustomer(world, channel, who) };
  const began = Date.now();
  const failure = await scene.play(stage).then(() => undefined, asFact);
  const wrong = failure ? [failure, ...wrongFacts(scene, stage)] : await untilRight(scene, stage);
  return { scene, stage, seconds: (Date.now() - began) / 1000, wrong };
}

/** What does not hold now. */
export const wrongFacts = (scene: Scene, stage: Stage): Fact[] => scene.expect(stage).filter((fact) => !isTrue(fact));

async function untilRight(scene: Scene, stage: Stage): Promise<Fact[]> {
  const last = Date.now() + (scene.patience ?? 60_000);
  for (;;) {
    const wrong = wrongFacts(scene, stage);
    if (wrong.length === 0 || Date.now() > last) return wrong;
    await wait(50);
  }
}

function asFact(error: unknown): Fact {
  if (error instanceof OutOfPatience) {
    return { what: error.awaited, actual: `did not come within ${error.ms / 1000} s`, expected: 'comes' };
  }
  return { what: 'the scene can be played', actual: String(error), expected: true };
}
