import { type NotificationData, notifications } from '@mantine/notifications';
import { useWords } from '../words/language.tsx';
import { words } from './words.ts';

/** Says something in passing; whoever cannot see it can close it, too. */
export function useSay(): (said: NotificationData) => void {
  const t = useWords(words);
  return (said) => notifications.show({ ...said, closeButtonProps: { 'aria-label': t('close') } });
}
