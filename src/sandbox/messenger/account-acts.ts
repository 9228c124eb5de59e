import { customerOf, type World } from './state.ts';

/** What happens to an account of Meta's, or to a customer's wish to hear of it. */
export function accountActs(world: World) {
  const changing = (change: () => void) => {
    change();
    world.changed();
  };
  return {
    block: (user: string, blocked: boolean) =>
      changing(() => {
        customerOf(world.state, user).blocked = blocked;
      }),
    unsubscribe: (field?: string) =>
      changing(() => {
        const { subscribedFields: fields } = world.state;
        world.state.subscribedFields = field === undefined ? undefined : fields?.filter((each) => each !== field);
      }),
    permitSubscribing: (permitted: boolean) =>
      changing(() => {
        world.state.maySubscribe = permitted;
      }),
    expireToken: (expired: boolean) =>
      changing(() => {
        world.state.tokenExpired = expired;
      }),
    ageLastContact: (user: string, ms: number) =>
      changing(() => {
        const customer = customerOf(world.state, user);
        if (customer.lastContact !== undefined) customer.lastContact -= ms;
      }),
  };
}
