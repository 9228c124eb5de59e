import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/charts/styles.css';
import './theme.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { queries } from './api/queries.ts';
import { makeRouter } from './shell/router.tsx';
import { schemes, styleNonce, theme, variables } from './theme.ts';
import { LanguageProvider } from './words/language.tsx';

const router = makeRouter();

createRoot(document.getElementById('root')!).render(
  <MantineProvider
    theme={theme}
    colorSchemeManager={schemes}
    defaultColorScheme="auto"
    getStyleNonce={styleNonce}
    cssVariablesResolver={variables}
  >
    <LanguageProvider>
      <QueryClientProvider client={queries}>
        <Notifications position="top-right" />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </LanguageProvider>
  </MantineProvider>,
);
