/** Who somebody may be. All but `customer` are held in a market; `kitchen` and `restaurant_admin` in one restaurant. */
export const ROLES = ["customer", "courier", "kitchen", "restaurant_admin", "dispatcher", "support", "admin"] as const;
export type Role = (typeof ROLES)[number];
