import { useMutation } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import { useWords } from '../words/language.tsx';
import { useSay } from './use-say.ts';
import { words } from './words.ts';

interface ActOptions<Result> {
  /** What is said when it is done. */
  say?: string | ((result: Result) => string);
  done?: (result: Result) => void;
}

/** Does something, says so or why not, and has everything on the page asked again. */
export function useAct<Given, Result = void>(
  run: (given: Given) => Promise<Result>,
  { say, done }: ActOptions<Result> = {},
) {
  const t = useWords(words);
  const tell = useSay();
  return useMutation({
    mutationFn: run,
    onSuccess: (result) => {
      const message = typeof say === 'function' ? say(result) : say;
      if (message) tell({ message, color: 'teal' });
      done?.(result);
      void queries.invalidateQueries();
    },
    onError: (error) => tell({ title: t('didNotWork'), message: error.message, color: 'red', autoClose: 10_000 }),
  });
}
