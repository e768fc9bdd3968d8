// What world.plugin.ts makes when the page is built.
declare module "virtual:world" {
  const world: {
    viewBox: string;
    /** Paths by the two letters of the country; what belongs to none of them is under the empty text. */
    countries: Record<string, string>;
  };
  export default world;
}
