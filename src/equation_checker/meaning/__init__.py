"""What trees mean: shapes, points, values over number fields."""
