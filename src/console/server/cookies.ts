import type { CookieOptions, Request, Response } from 'express';

/** The value of a cookie the browser sent. */
export function cookieIn(request: Request, name: string): string | undefined {
  const pairs = (request.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1];
}

/** For the console alone, unseen by scripts; over https only where the console is reached so. */
export function setCookie(
  request: Request,
  response: Response,
  name: string,
  value: string,
  more: CookieOptions,
): void {
  response.cookie(name, value, { path: '/console', httpOnly: true, secure: request.secure, ...more });
}

export function dropCookie(request: Request, response: Response, name: string): void {
  response.clearCookie(name, { path: '/console', httpOnly: true, secure: request.secure });
}
