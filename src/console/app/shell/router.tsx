import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorRouteComponent,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { areas } from '../areas.ts';
import { Loading, NotFound, PageFailed } from '../parts/states.tsx';
import { Frame } from './frame.tsx';

/** Pages by their address, below `/console`. */
export function makeRouter() {
  const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });
  const start = createRoute({
    getParentRoute: () => root,
    path: '/',
    beforeLoad: ({ search }) => {
      throw redirect({ to: areas[0]!.path, search: search as never, replace: true });
    },
  });
  const pages = areas.flatMap(({ path, pages }) =>
    Object.entries(pages).map(([below, load]) =>
      createRoute({
        getParentRoute: () => root,
        path: below === '/' ? path : path + below,
        component: lazyRouteComponent(load),
      }),
    ),
  );
  return createRouter({
    routeTree: root.addChildren([start, ...pages]),
    basepath: '/console',
    defaultPendingComponent: Loading,
    defaultErrorComponent: PageFailed as ErrorRouteComponent,
    scrollRestoration: true,
    defaultPreload: 'intent',
  });
}
