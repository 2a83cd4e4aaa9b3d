/** Made by vite.config.ts. */
declare module 'virtual:worker-code' {
  const code: string;
  export default code;
}
