/** What a request with this token is sent with. */
export const sentAs = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
