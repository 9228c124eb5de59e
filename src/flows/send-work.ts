import type { Target } from '../domain/target.ts';
import type { Conversation } from '../store/conversations.ts';
import type { ConnectedChannel, World } from './world.ts';

/** What the steps of sending one conversation's replies share. */
export interface SendWork {
  world: World;
  connected: ConnectedChannel;
  conversation: Conversation;
  target: Target;
}
