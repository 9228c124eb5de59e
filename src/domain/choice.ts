/** Something to tap under a text: it sends `payload` back, or opens `url`. Titles longer than the platform takes are cut. */
export type Choice = { title: string; payload: string } | { title: string; url: string };
