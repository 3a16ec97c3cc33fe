"""Progress of a course: verdict, chart, scores, and the trials beside them."""
