"""In which order facts are told: in bullets by group, in titles by weight."""

GROUPS: dict[str, tuple[str, ...]] = {
    "use": (
        "suitable_for", "pet_weight_min_kg", "pet_weight_max_kg", "age_min_years", "max_load_kg", "coverage_m2",
        "food_types", "compatible_with",
    ),
    "material": (
        "material", "recycled_percent", "organic_percent", "ingredients", "scent", "fragrance_free",
    ),
    "power": (
        "power_w", "battery_mah", "battery_life_h", "battery_life_days", "charging_time_h", "rechargeable",
        "battery_included", "noise_db", "brightness_lm", "cable_length_cm", "plug_types",
    ),
    "connection": (
        "wifi", "bluetooth", "app_required", "works_offline", "matter_compatible", "range_m",
    ),
    "size": (
        "capacity_ml", "volume_ml", "dimensions_mm", "weight_g", "ip_rating", "fit",
    ),
    "care": (
        "wash_temp_c", "machine_washable", "tumble_dry", "dishwasher_safe", "microwave_safe", "removable_cover",
        "care", "shelf_life_months", "open_shelf_life_months",
    ),
    "box": (
        "in_the_box",
    ),
    "origin": (
        "origin",
    ),
    "warnings": (
        "warnings",
    ),
}  # fmt: skip
"""Which facts a headed bullet tells, in the order bullets stand."""

LEADING = (
    "capacity_ml", "volume_ml", "battery_mah", "power_w", "pet_weight_max_kg", "wash_temp_c", "ip_rating",
    "dishwasher_safe", "machine_washable", "wifi", "app_required", "bluetooth", "rechargeable", "noise_db",
    "brightness_lm", "battery_life_h", "battery_life_days", "max_load_kg", "coverage_m2", "range_m",
    "charging_time_h", "removable_cover", "fragrance_free", "works_offline", "weight_g", "dimensions_mm",
    "cable_length_cm", "shelf_life_months", "plug_types", "battery_included", "matter_compatible", "microwave_safe",
    "tumble_dry", "age_min_years", "pet_weight_min_kg", "open_shelf_life_months", "origin",
)  # fmt: skip
"""Facts in the order titles and highlights lead with them."""

SIZE_FIRST = (
    "weight_g", "dimensions_mm", "capacity_ml", "volume_ml", "cable_length_cm", "pet_weight_max_kg", "max_load_kg",
    "coverage_m2",
)  # fmt: skip
"""What the other version of a listing leads with."""
